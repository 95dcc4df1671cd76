import type { SessionDetail } from "#components/live/use-session.ts";
import type { CommentView } from "#lib/contract/wire.ts";
import { outcomesOf } from "#lib/domain/earlier-findings.ts";
import { heardParts } from "#lib/domain/heard-parts.ts";
import type { Earlier, Finding, Response, Role } from "#lib/domain/review.ts";
import type { DiffLine } from "./parse-diff.ts";

interface Place {
  /** `2/f-1` for a finding of the second council, `c-1` for a comment. */
  readonly id: string;
  readonly file: string;
  /** Null where it is about the file or the change as a whole. */
  readonly line: number | null;
  readonly side: "new" | "old";
}

export interface Answer extends Response {
  readonly role: Role;
}

/** What somebody said about a place in the diff, with what was answered. */
export type Thread = Place &
  (
    | {
        readonly kind: "finding";
        readonly finding: Finding;
        readonly by: Role;
        readonly answers: readonly Answer[];
      }
    | { readonly kind: "earlier"; readonly earlier: Earlier }
    | { readonly kind: "comment"; readonly comment: CommentView }
  );

/** The newest council's findings, what it found still open from before, and people's comments; also while it sits. */
export function threadsOf(detail: Pick<SessionDetail, "reviews" | "sitting" | "comments">): Thread[] {
  const { sitting } = detail;
  const review = sitting
    ? { ...sitting, earlier: outcomesOf(sitting.carried, sitting.parts) }
    : detail.reviews.at(-1);
  const reports = review ? heardParts(review).flatMap((part) => part.reports) : [];
  const findings = reports.flatMap(({ role, findings: own }) =>
    own.map((finding): Thread => {
      const answers = reports.flatMap((report) =>
        report.responses
          .filter((response) => response.finding === finding.id)
          .map((response) => ({ ...response, role: report.role })),
      );
      const id = `${String(review?.number ?? 1)}/${finding.id}`;
      const line = finding.lines?.[1] ?? null;
      return { kind: "finding", id, file: finding.file, line, side: "new", finding, by: role, answers };
    }),
  );
  const earlier = (review?.earlier ?? [])
    .filter(({ state, id }) => state === "open" && !id.startsWith("c-"))
    .map((each): Thread => {
      const line = each.lines?.[1] ?? null;
      return { kind: "earlier", id: each.id, file: each.file, line, side: "new", earlier: each };
    });
  const comments = detail.comments.map((comment): Thread => {
    const { id, file, line, side } = comment;
    return { kind: "comment", id, file, line, side, comment };
  });
  return [...findings, ...earlier, ...comments];
}

/** Threads of one file by the index of the line that they stand below; those whose line is not drawn are left over. */
export function placeThreads(
  threads: readonly Thread[],
  lines: readonly DiffLine[] | null,
): { readonly below: ReadonlyMap<number, readonly Thread[]>; readonly apart: readonly Thread[] } {
  const below = new Map<number, Thread[]>();
  const apart: Thread[] = [];
  const indexes = { new: new Map<number, number>(), old: new Map<number, number>() };
  for (const [index, line] of (lines ?? []).entries()) {
    if (line.kind === "hunk" || line.kind === "note") continue;
    if (line.after !== null) indexes.new.set(line.after, index);
    if (line.before !== null) indexes.old.set(line.before, index);
  }
  for (const thread of threads) {
    const index = thread.line === null ? undefined : indexes[thread.side].get(thread.line);
    if (index === undefined) apart.push(thread);
    else below.set(index, [...(below.get(index) ?? []), thread]);
  }
  return { below, apart };
}

export function threadsByFile(threads: readonly Thread[]): ReadonlyMap<string, readonly Thread[]> {
  const byFile = new Map<string, Thread[]>();
  for (const thread of threads) byFile.set(thread.file, [...(byFile.get(thread.file) ?? []), thread]);
  return byFile;
}
