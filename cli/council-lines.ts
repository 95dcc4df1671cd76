import { heardParts } from "#lib/domain/heard-parts.ts";
import { openFindings } from "#lib/domain/open-findings.ts";
import type { Finding, Held, Report, Review, Role } from "#lib/domain/review.ts";
import { saidParts } from "#lib/domain/said-parts.ts";
import type { SessionView } from "#lib/contract/wire.ts";
import { faint, heading, plain } from "./output.ts";

const names: Readonly<Record<Role, string>> = {
  implementer: "Implementer",
  "peer-reviewer": "Peer reviewer",
  "tech-lead": "Tech lead",
};

/** One council as people read it: the verdict, what it rests on, then who said what, in its order. */
export function councilLines(review: Review): string[] {
  const { verdict, by, base, head, reason, number, round } = review;
  return [
    heading(`  Council ${number}, round ${round + 1}: ${verdict.toUpperCase()}${by ? ` by ${by}` : ""}`),
    faint(`    ${base.slice(0, 12)}..${head.slice(0, 12)}, ${costLine(review)}`),
    ...(reason === null ? [] : [`    ${plain(reason)}`]),
    ...validationLines(review),
    ...review.earlier.map(
      ({ id, state, claim, reason: why }) =>
        `    ${state === "resolved" ? "resolved" : "still open"} ${id}: ${oneLine(claim)}${why === "" ? "" : faint(`  ${oneLine(why)}`)}`,
    ),
    ...saidParts(review).flatMap((said) =>
      said.counts
        ? partLines(said.held, said.held.part, review)
        : partLines(
            said.uncounted,
            `${said.uncounted.part}, did not count: ${said.uncounted.reason}`,
            review,
          ),
    ),
    ...review.fixes.map(
      ({ commit, subject }) => `    fixed by the tech lead: ${commit.slice(0, 12)} ${oneLine(subject)}`,
    ),
    ...openLine(review),
  ];
}

/** A person's decision against the council. */
export function overruleLine({ overruled }: Pick<SessionView, "overruled">): string[] {
  if (!overruled) return [];
  const { verdict, by, head, reason } = overruled;
  return [`  ${plain(by)} ${verdict} ${head.slice(0, 12)} against the council: ${plain(reason)}`];
}

function costLine({ startedAt, endedAt, costUsd, limits }: Review): string {
  const minutes = (Date.parse(endedAt) - Date.parse(startedAt)) / 60_000;
  const of = limits ? ` of ${String(Math.round(limits.timeLimitMs / 60_000))}` : "";
  const budget = limits?.budgetUsd ? ` of $${limits.budgetUsd.toFixed(2)}` : "";
  return `${minutes.toFixed(1)}${of} min, $${costUsd.toFixed(2)}${budget}`;
}

function validationLines({ validation }: Review): string[] {
  if (!validation) return [faint("    this head was not validated")];
  const each = validation.commands.map(
    ({ name, exit }) => `${plain(name)} ${exit === 0 ? "passed" : "failed"}`,
  );
  return [
    faint(
      `    validation ${validation.passed ? "green" : "red"}${each.length > 0 ? `: ${each.join(", ")}` : ""}`,
    ),
  ];
}

function partLines(said: Pick<Held, "reports" | "attended">, title: string, review: Review): string[] {
  const silent = said.attended.filter(({ reported }) => !reported);
  return [
    faint(`    ${oneLine(title)}`),
    ...said.reports.flatMap((report) => reportLines(report, review)),
    ...silent.map(({ role }) => `      ${names[role]} ran and gave no report`),
  ];
}

function reportLines(report: Report, review: Review): string[] {
  const says = report.verdict === "approve" ? "approves" : "wants changes";
  return [
    `      ${names[report.role]} ${says}. ${oneLine(report.summary)}`,
    ...report.findings.flatMap(findingLines),
    ...report.responses.map(({ finding, stance, reason }) => {
      const about = findingIn(review, finding);
      return `        ${finding} ${stance}: ${oneLine(reason)}${about ? faint(`  (${oneLine(about.claim)})`) : ""}`;
    }),
  ];
}

function findingLines({ id, severity, category, file, lines, claim, evidence }: Finding): string[] {
  const where = lines
    ? `${plain(file)}:${lines[0]}${lines[1] === lines[0] ? "" : `-${lines[1]}`}`
    : plain(file);
  return [
    `        ${id} ${severity}, ${category}  ${where}`,
    `          ${oneLine(claim)}`,
    ...(evidence.trim() === "" ? [] : [faint(`          ${oneLine(evidence)}`)]),
  ];
}

function findingIn(review: Review, id: string): Finding | undefined {
  return heardParts(review)
    .flatMap(({ reports }) => reports.flatMap(({ findings }) => findings))
    .find((finding) => finding.id === id);
}

function openLine(review: Review): string[] {
  const open = [
    ...openFindings(heardParts(review)).map(({ id }) => id),
    ...review.earlier.filter(({ state }) => state === "open").map(({ id }) => id),
  ];
  return open.length === 0 ? [] : [`    open: ${open.join(", ")}`];
}

function oneLine(text: string): string {
  return plain(text).replace(/\s+/g, " ").trim();
}
