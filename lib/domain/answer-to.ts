import { openFindings } from "./open-findings.ts";
import { rolesOf, type CouncilPart, type Held, type Response, type Role } from "./review.ts";

/** What a role says to a finding in this part; a string says what its answer lacks. */
export function answerTo(finding: string, role: Role, held: Held): Response | string {
  const own = held.reports.find((report) => report.role === role);
  const answers = own?.responses.filter((each) => each.finding === finding) ?? [];
  const [answer] = answers;
  if (!answer) return `the ${role} did not answer ${finding}`;
  if (new Set(answers.map(({ stance }) => stance)).size > 1)
    return `the ${role} answered ${finding} in two ways`;
  if (answer.reason.trim() === "") return `the ${role} gave no reason for ${finding}`;
  return answer;
}

/** Who owes an answer to what was found before the part. */
export const answering: Readonly<Record<CouncilPart, readonly Role[]>> = {
  recheck: [],
  // Open before it is only what a recheck found.
  examination: ["peer-reviewer"],
  rebuttal: rolesOf.rebuttal,
  arbitration: rolesOf.arbitration,
};

/** The first answer that a part owes to what was open before it; null where its roles have answered all of it. */
export function unanswered(before: readonly Held[], held: Held): string | null {
  const answers = openFindings(before).flatMap(({ id }) =>
    answering[held.part].map((role) => answerTo(id, role, held)),
  );
  return answers.find((each) => typeof each === "string") ?? null;
}
