import type { Finding } from "#lib/domain/review.ts";

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
