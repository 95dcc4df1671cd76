import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SessionId } from "./ids.ts";
import { type Footprint, meetingsOf } from "./overlap.ts";

const [a, b, c] = ["session-a-aaaaaa", "session-b-bbbbbb", "session-c-cccccc"] as SessionId[] as [
  SessionId,
  SessionId,
  SessionId,
];
const touch = (session: SessionId, ...files: string[]): Footprint => ({ session, files });

describe("overlaps", () => {
  it("[D150] two sessions that touch one file meet, and each is told of the other", () => {
    const found = meetingsOf([touch(a, "src/x.ts", "src/y.ts"), touch(b, "src/x.ts"), touch(c, "docs/z.md")]);
    expect(found.get(a)).toEqual([{ session: b, files: ["src/x.ts"], count: 1, folders: [] }]);
    expect(found.get(b)).toEqual([{ session: a, files: ["src/x.ts"], count: 1, folders: [] }]);
    expect(found.has(c)).toBe(false);
  });

  it("[D151] different files of one folder are a hint, unless everybody works there or it is the top", () => {
    const found = meetingsOf([touch(a, "src/x.ts", "README.md"), touch(b, "src/y.ts", "LICENSE")]);
    expect(found.get(a)).toEqual([{ session: b, files: [], count: 0, folders: ["src"] }]);
    const crowd = ["a", "b", "c", "d"].map((name) => touch(`session-${name}` as SessionId, `src/${name}.ts`));
    expect(meetingsOf(crowd).size).toBe(0);
  });

  it("[D152] whom most is shared with comes first, and many names are cut with their number kept", () => {
    const many = Array.from({ length: 20 }, (_, index) => `src/${String(index).padStart(2, "0")}.ts`);
    const found = meetingsOf([touch(a, ...many), touch(b, "src/00.ts"), touch(c, ...many)]);
    expect(found.get(a)?.map(({ session, count }) => [session, count])).toEqual([
      [c, 20],
      [b, 1],
    ]);
    expect(found.get(a)?.[0]?.files).toEqual(many.slice(0, 8));
  });

  it("[D153] whatever is touched, meetings are mutual and exact", () => {
    const path = fc.constantFrom("a", "b", "d/a", "d/b", "d/e/a", "__proto__", "d/constructor");
    const footprints = fc.array(fc.array(path), { maxLength: 6 });
    fc.assert(
      fc.property(footprints, (all) => {
        const given = all.map((files, index) => touch(`session-${index}` as SessionId, ...files));
        const found = meetingsOf(given);
        for (const one of given) {
          for (const other of given) {
            if (one === other) continue;
            const both = [...new Set(one.files)].filter((file) => other.files.includes(file)).sort();
            const meeting = found.get(one.session)?.find(({ session }) => session === other.session);
            expect(meeting?.files ?? []).toEqual(both);
            expect(found.get(other.session)?.some(({ session }) => session === one.session) ?? false).toBe(
              meeting !== undefined,
            );
          }
        }
      }),
    );
  });
});
