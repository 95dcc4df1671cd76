import { judges, type Finding, type Held, type Response, type Role } from "./review.ts";

/** What the next round of work has to deal with: findings that nobody withdrew, fixed or overruled for good. */
export function openFindings(parts: readonly Pick<Held, "reports">[]): Finding[] {
  const reports = parts.flatMap(({ reports }) => reports);
  const settled = new Map<string, boolean>();
  // The last word on each counts.
  for (const { role, responses } of reports)
    for (const response of responses)
      if (judges.includes(role)) settled.set(response.finding, settles(role, response));
  return reports.flatMap(({ findings }) => findings).filter(({ id }) => settled.get(id) !== true);
}

/** Who reviews may withdraw a finding; who arbitrates may fix or overrule it. */
function settles(role: Role, { stance }: Response): boolean {
  if (role === "peer-reviewer") return stance === "withdraw";
  return stance === "fixed" || stance === "overrule" || stance === "withdraw";
}
