import type { HttpClient } from "#lib/client/http.ts";
import type { SessionView } from "#lib/contract/wire.ts";
import { table } from "../output.ts";

export interface ReportRow {
  readonly item: string;
  readonly title: string;
  readonly status: SessionView["status"] | "not begun";
  /** Councils that were held. */
  readonly councils: number;
  readonly questions: number;
  readonly mergeCommit: string | null;
  readonly seconds: number;
}

/** What became of each item, in the order in which they ended. */
export async function reportOf(
  client: HttpClient,
  repository: string,
  items: readonly { readonly id: string; readonly title: string }[],
): Promise<ReportRow[]> {
  const { sessions } = await client.read("sessions", { repository, limit: 200 });
  const rows = await Promise.all(
    items.map(async ({ id, title }) => {
      const session = sessions.find(({ item }) => item.id === id);
      if (!session) {
        const nothing = {
          status: "not begun",
          councils: 0,
          questions: 0,
          mergeCommit: null,
          seconds: 0,
        } as const;
        return { row: { item: id, title, ...nothing }, endedAt: "~" };
      }
      const { questions, reviews } = await client.read("session", { session: session.id });
      const { status, mergeCommit, createdAt, endedAt } = session;
      const ms = Date.parse(endedAt ?? new Date().toISOString()) - Date.parse(createdAt);
      return {
        endedAt: endedAt ?? "~",
        row: {
          item: id,
          title,
          status,
          councils: reviews.length,
          questions: questions.length,
          mergeCommit,
          seconds: Math.round(ms / 100) / 10,
        },
      };
    }),
  );
  return rows.sort((a, b) => a.endedAt.localeCompare(b.endedAt)).map(({ row }) => row);
}

export function reportLines(rows: readonly ReportRow[]): string[] {
  return table([
    ["item", "status", "councils", "questions", "merge commit", "seconds", "title"],
    ...rows.map((row) => [
      row.item,
      row.status,
      String(row.councils),
      String(row.questions),
      row.mergeCommit?.slice(0, 12) ?? "none",
      row.seconds.toFixed(1),
      row.title,
    ]),
  ]);
}
