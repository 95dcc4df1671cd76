import type { CouncilPart, Finding, Report, Role } from "#lib/domain/review.ts";
import type { Script } from "./directives.ts";
import type { ChangedFile } from "./read-change.ts";

export interface Debate {
  readonly part: CouncilPart;
  /** 1 for the first council of the conversation. */
  readonly round: number;
  readonly script: Pick<Script, "review" | "claim">;
  readonly change: readonly ChangedFile[];
  /** The ids of the findings that the role was told to answer. */
  readonly asked: readonly string[];
  /** The ids of earlier findings and comments that it was told to judge. */
  readonly earlier: readonly string[];
}

type Opinion = Omit<Report, "earlier">;

/** What a role says in a part of the council: its verdict from the script, its particulars from the change. */
export function opinionOf(role: Role, debate: Debate): Report {
  const isStubborn = debate.script.review === "changes";
  const earlier = debate.earlier.map((finding) => ({
    finding,
    state: isStubborn ? ("open" as const) : ("resolved" as const),
    reason: isStubborn ? "The change still does not deal with it." : "The change deals with it now.",
  }));
  return { ...viewOf(role, debate), earlier };
}

function viewOf(role: Role, debate: Debate): Opinion {
  switch (debate.part) {
    case "recheck":
      return recheck(role, debate);
    case "examination":
      return examine(role, debate);
    case "rebuttal":
      return rebut(role, debate);
    case "arbitration":
      return arbitrate(debate);
  }
}

/** Nothing that came in stands in the way, unless the script never agrees. */
function recheck(role: Role, { script, change }: Debate): Opinion {
  const wants = script.review === "changes";
  return {
    role,
    verdict: wants ? "changes" : "approve",
    summary: `I looked at what the moved base changed around ${namesOf(change)}: ${wants ? "it has to be read as a whole again" : "the change still holds"}.`,
    findings: [],
    responses: [],
  };
}

function examine(role: Role, { round, script, change }: Debate): Opinion {
  const { review } = script;
  const isFirst = round === 1;
  const bothWant = review === "changes" || (review === "changes-then-approve" && isFirst);
  const dissents = isFirst && ["dissent", "withdraw", "overrule"].includes(review);
  const flaw = flawIn(change, script.claim);
  if (role === "peer-reviewer") {
    const wants = bothWant || dissents;
    return {
      role,
      verdict: wants ? "changes" : "approve",
      summary: wants
        ? `I read ${extent(change)}. ${flaw.claim} That has to be settled before it lands.`
        : `I read ${extent(change)} and found nothing that keeps it from landing.`,
      findings: wants ? [flaw, ...remarksOn(change, 2)] : remarksOn(change, 1),
      responses: [],
    };
  }
  return {
    role,
    verdict: bothWant ? "changes" : "approve",
    summary: bothWant
      ? `The change does what the item asks for in ${namesOf(change)}, but I know of a weak point: ${flaw.claim}`
      : `The change does what the item asks for in ${namesOf(change)}: ${extent(change)}.`,
    findings: [],
    responses: [],
  };
}

function rebut(role: Role, { script, change, asked }: Debate): Opinion {
  const withdraws = script.review === "withdraw";
  const answerAll = (stance: "withdraw" | "dispute", reason: string) =>
    asked.map((finding) => ({ finding, stance, reason }));
  if (role === "implementer") {
    return {
      role,
      verdict: "approve",
      summary: `I looked at ${namesOf(change)} again and stand by it.`,
      findings: [],
      responses: answerAll(
        "dispute",
        "The item does not ask for it, and no line of the change depends on it.",
      ),
    };
  }
  return {
    role,
    verdict: withdraws ? "approve" : "changes",
    summary: withdraws
      ? `The implementer is right about ${namesOf(change)}; I withdraw.`
      : `I read ${namesOf(change)} once more, and what I found still holds.`,
    findings: [],
    responses: withdraws
      ? answerAll("withdraw", "Read together with the rest of the change it does not hold.")
      : answerAll("dispute", "That nothing depends on it today does not make it right."),
  };
}

function arbitrate({ script, change, asked }: Debate): Opinion {
  const overrules = script.review === "overrule";
  return {
    role: "tech-lead",
    verdict: "approve",
    summary: overrules
      ? `${namesOf(change)} may land as it is.`
      : `The reviewer is right; I settled it on this branch, and with that it may land.`,
    findings: [],
    responses: asked.map((finding) => ({
      finding,
      stance: overrules ? ("overrule" as const) : ("fixed" as const),
      reason: overrules
        ? "It is outside of what the item asks for; open an item for it."
        : "Settled in the last commit.",
    })),
  };
}

/** The reviewer's point: the script's own (`path: claim`, or the claim alone), else one about the main file. */
function flawIn(change: readonly ChangedFile[], claim: string | null): Finding {
  const main = mainOf(change);
  const [line = "", ...rest] = claim?.split("\n") ?? [];
  const named = change.find(({ path }) => line.startsWith(`${path}: `));
  const file = named ?? main;
  const isText = file === undefined || /\.(md|txt|rst|adoc)$/.test(file.path);
  const own = named ? line.slice(named.path.length + 2) : line;
  const general = isText
    ? "The text says what was chosen and not what happens where it fails."
    : "Nothing here deals with an empty or missing value.";
  return {
    id: "f-1",
    file: file?.path ?? "",
    lines: file?.lines ?? null,
    severity: "major",
    category: isText ? "documentation" : "correctness",
    claim: own === "" ? general : own,
    evidence: rest.join("\n") || evidenceIn(file),
  };
}

function evidenceIn(file: ChangedFile | undefined): string {
  const line = file?.addedLines.find((each) => each.trim() !== "");
  return line === undefined ? "" : `The change adds "${line.trim().slice(0, 200)}".`;
}

/** What can be seen in any diff; true whatever the script says. */
function remarksOn(change: readonly ChangedFile[], from: number): Finding[] {
  const remarks: Omit<Finding, "id">[] = [];
  for (const { path, lines, addedLines, endsWithoutNewline } of change) {
    const about = { file: path, lines };
    if (endsWithoutNewline) {
      const claim = "The file ends without a line break.";
      remarks.push({ ...about, severity: "nit", category: "design", claim, evidence: "git diff says so." });
    }
    const left = addedLines.find((line) => /\b(TODO|FIXME|console\.log)\b/.test(line));
    if (left !== undefined) {
      const claim = "Something is left that reads unfinished.";
      remarks.push({
        ...about,
        severity: "minor",
        category: "design",
        claim,
        evidence: left.trim().slice(0, 200),
      });
    }
  }
  const code = change.find(({ path, added }) => added > 0 && isCode(path));
  if (code && !change.some(({ path }) => isTest(path))) {
    const evidence = `Of the ${change.length} changed files none is a test.`;
    const claim = "No test covers this.";
    remarks.push({
      file: code.path,
      lines: code.lines,
      severity: "minor",
      category: "tests",
      claim,
      evidence,
    });
  }
  return remarks.slice(0, 5).map((remark, index) => ({ id: `f-${from + index}`, ...remark }));
}

const isCode = (path: string) => /\.(c|cc|cpp|cs|go|java|js|jsx|mjs|py|rb|rs|ts|tsx)$/.test(path);
const isTest = (path: string) => /(^|[/._-])(tests?|spec)([/._-]|$)/i.test(path);

function mainOf(change: readonly ChangedFile[]): ChangedFile | undefined {
  const bySize = change.toSorted((a, b) => b.added + b.removed - (a.added + a.removed));
  return bySize.find(({ path }) => isCode(path) && !isTest(path)) ?? bySize[0];
}

function namesOf(change: readonly ChangedFile[]): string {
  const names = change.slice(0, 3).map(({ path }) => `\`${path}\``);
  if (names.length === 0) return "the branch";
  return change.length > names.length ? `${names.join(", ")} and others` : names.join(", ");
}

function extent(change: readonly ChangedFile[]): string {
  const sum = (of: (file: ChangedFile) => number) => change.reduce((total, file) => total + of(file), 0);
  const files = change.length === 1 ? "1 file" : `${change.length} files`;
  return `${files} with ${sum(({ added }) => added)} lines added and ${sum(({ removed }) => removed)} removed`;
}
