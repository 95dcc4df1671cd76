import type { SessionOverlapView } from "#lib/contract/wire.ts";
import { sessionOf } from "./sessions.ts";

type Sketch = [one: string, other: string, files: string[], more?: number];

const sketches: Sketch[] = [
  ["bd-auth.3", "bd-auth.5", ["src/auth/session.ts", "src/auth/store/token-store.ts"], 9],
  ["bd-auth.3", "bd-search.1", ["src/config.ts"]],
  ["bd-pay.2", "bd-search.1", []],
];

/** Who meets whom, told both ways as the server does. */
export const overlaps: readonly SessionOverlapView[] = [...new Set(sketches.flatMap(([a, b]) => [a, b]))].map(
  (item) => {
    const { id, repository } = sessionOf(item);
    const meetings = sketches.flatMap(([a, b, files, more = 0]) => {
      if (a !== item && b !== item) return [];
      const other = sessionOf(a === item ? b : a);
      const folders = files.length === 0 ? ["src/money"] : [];
      return [{ session: other.id, item: other.item.id, files, count: files.length + more, folders }];
    });
    return { session: id, repository, meetings };
  },
);
