import type { Comment } from "./comment.ts";
import { heardParts } from "./heard-parts.ts";
import { openFindings } from "./open-findings.ts";
import { judges, type Carried, type Earlier, type Held, type Review, type Role } from "./review.ts";

/** What the next round of work, and the council after it, has to deal with; also what a council without a verdict found. */
export function carriedOf(reviews: readonly Review[], comments: readonly Comment[]): Carried[] {
  const last = reviews.at(-1);
  const left =
    !last || last.verdict === "approved"
      ? []
      : [
          ...last.earlier.filter(({ state }) => state === "open").map(withoutOutcome),
          ...openFindings(heardParts(last)).map(({ id, file, lines, severity, claim }) => ({
            id: `${String(last.number)}/${id}`,
            file,
            lines,
            severity,
            claim,
            by: raisedBy(heardParts(last), id),
          })),
        ];
  return [...left, ...comments.map(carriedComment)];
}

function carriedComment({ id, file, line, text, by }: Comment): Carried {
  return { id, file, lines: line === null ? null : [line, line], severity: null, claim: text, by };
}

function withoutOutcome({ id, file, lines, severity, claim, by }: Earlier): Carried {
  return { id, file, lines, severity, claim, by };
}

function raisedBy(parts: readonly Pick<Held, "reports">[], id: string): Role | "council" {
  const reports = parts.flatMap(({ reports }) => reports);
  return reports.find(({ findings }) => findings.some((each) => each.id === id))?.role ?? "council";
}

/** The last word on each; what nobody spoke about stays open. */
export function outcomesOf(carried: readonly Carried[], parts: readonly Held[]): Earlier[] {
  const words = parts
    .flatMap(({ reports }) => reports)
    .filter(({ role }) => judges.includes(role))
    .flatMap(({ earlier }) => earlier);
  return carried.map((each) => {
    const word = words.findLast(({ finding }) => finding === each.id);
    return { ...each, state: word?.state ?? "open", reason: word?.reason ?? "" };
  });
}

/** What a part still has to judge: all of it at first, later what no reviewer called resolved by then. */
export function toJudge(carried: readonly Carried[], before: readonly Held[]): Earlier[] {
  return outcomesOf(carried, before).filter(({ state }) => state === "open");
}

/** The first that a part had to judge and did not; null where none is missing. */
export function unjudged(carried: readonly Carried[], before: readonly Held[], held: Held): string | null {
  const report = held.reports.find(({ role }) => judges.includes(role));
  if (!report) return null;
  const said = new Set(report.earlier.map(({ finding }) => finding));
  return toJudge(carried, before).find(({ id }) => !said.has(id))?.id ?? null;
}
