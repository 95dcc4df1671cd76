import type { Carried, Finding } from "#lib/domain/review.ts";

/** Findings as roles and authors read them. */
export function findingsText(findings: readonly Finding[]): string {
  return findings
    .map(({ id, severity, category, file, lines, claim, evidence }) => {
      const where = lines ? `${file}:${lines[0]}-${lines[1]}` : file;
      const proof = evidence.trim() === "" ? "" : `\n  Evidence: ${evidence.trim()}`;
      return `- **${id}** (${severity}, ${category}) ${where}: ${claim.trim()}${proof}`;
    })
    .join("\n");
}

/** What was left open before, as the next round's author and its reviewers read it. */
export function carriedText(carried: readonly Carried[]): string {
  return carried
    .map(({ id, severity, file, lines, claim, by }) => {
      const where = lines ? `${file}:${lines[0]}-${lines[1]}` : file;
      return `- **${id}** (${severity ?? "comment"}, ${by}) ${where}: ${claim.trim()}`;
    })
    .join("\n");
}
