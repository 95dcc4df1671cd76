import type { Finding, Held, Response, Role } from "./review.ts";

/** What the next round of work has to deal with: findings that nobody withdrew or overruled. */
export function openFindings(parts: readonly Held[]): Finding[] {
  const settled = new Set(
    parts
      .flatMap((held) =>
        held.reports.flatMap((report) => report.responses.filter((each) => settles(report.role, each))),
      )
      .map(({ finding }) => finding),
  );
  const findings = new Map<string, Finding>();
  for (const held of parts) {
    for (const report of held.reports)
      for (const finding of report.findings) findings.set(finding.id, finding);
  }
  return [...findings.values()].filter((finding) => !settled.has(finding.id));
}

/** Who raised a finding may withdraw it; who arbitrates may fix or overrule it. */
function settles(role: Role, { stance }: Response): boolean {
  if (role === "peer-reviewer") return stance === "withdraw";
  return role === "tech-lead" && (stance === "fixed" || stance === "overrule" || stance === "withdraw");
}
