import type { Prompt } from "#lib/domain/question.ts";
import { readPrompts } from "./read-prompts.ts";

export const failKinds = [
  "crash",
  "killed",
  "rate-limit",
  "overloaded",
  "credit",
  "no-result",
  "plain",
  "hang",
  "no-change",
] as const;
export type FailKind = (typeof failKinds)[number];

export const reviewKinds = [
  "approve",
  "changes-then-approve",
  "changes",
  "dissent",
  "withdraw",
  "overrule",
  "no-verdict",
] as const;
export type ReviewKind = (typeof reviewKinds)[number];

/** One thing to do, in the order in which the item names them. */
export type Act =
  | { readonly kind: "say"; readonly text: string }
  | { readonly kind: "ask"; readonly prompts: readonly Prompt[]; readonly context: string }
  | { readonly kind: "write"; readonly path: string; readonly text: string }
  | { readonly kind: "edit"; readonly path: string; readonly from: string; readonly to: string }
  | { readonly kind: "commit"; readonly message: string }
  | { readonly kind: "leave-uncommitted"; readonly path: string; readonly text: string }
  | { readonly kind: "conflict"; readonly path: string }
  | { readonly kind: "fail"; readonly how: FailKind };

/** `work` is the item itself, `repair` follows a red validation, `rework` a review that wants changes. */
export type Section = "work" | "repair" | "rework";

export interface Script {
  readonly pauseMs: number;
  readonly summary: string | null;
  readonly review: ReviewKind;
  /** What the reviewer finds, where the script says it. */
  readonly claim: string | null;
  readonly acts: Readonly<Record<Section, readonly Act[]>>;
}

/** A line of a script that cannot be followed; the message names it. */
export class DirectiveError extends Error {
  override readonly name = "DirectiveError";

  constructor(line: number, problem: string) {
    super(`rehearsal, line ${line}: ${problem}`);
  }
}

interface Entry {
  readonly line: number;
  readonly name: string;
  readonly value: string;
  readonly body: string;
}

/** A demo should look alive and not asleep. */
const longestPauseMs = 60_000;

/** The first block of a text that is fenced as `rehearsal`, or null. */
export function findScript(text: string): string | null {
  const found = /^(`{3,})rehearsal[ \t]*\n([\s\S]*?)^\1`*[ \t]*$/m.exec(text.replaceAll("\r\n", "\n"));
  return found ? (found[2] ?? "") : null;
}

/** Reads the lines of a block; docs/rehearsal.md describes them. Throws `DirectiveError`. */
export function readScript(text: string): Script {
  const script = {
    pauseMs: 0,
    summary: null as string | null,
    review: "approve" as ReviewKind,
    claim: null as string | null,
    acts: { work: [] as Act[], repair: [] as Act[], rework: [] as Act[] },
  };
  let section: Section = "work";
  for (const entry of entriesOf(text)) {
    switch (entry.name) {
      case "pause":
        script.pauseMs = pauseOf(entry);
        break;
      case "summary":
        script.summary = whole(entry);
        break;
      case "review":
        script.review = oneOf(reviewKinds, entry);
        script.claim = entry.body === "" ? null : entry.body;
        break;
      case "repair":
      case "rework":
        section = entry.name;
        break;
      default:
        script.acts[section].push(actOf(entry));
    }
  }
  return script;
}

function entriesOf(text: string): Entry[] {
  const entries: { line: number; name: string; value: string; body: string[] }[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const indented = /^(?: {2}|\t)(.*)$/.exec(line);
    const last = entries.at(-1);
    if (line.trim() === "" || indented) {
      if (indented && !last) throw new DirectiveError(index + 1, "an indented line belongs to no directive");
      last?.body.push(indented?.[1] ?? "");
      continue;
    }
    if (line.startsWith("#")) continue;
    const read = /^([a-z-]+):[ \t]*(.*)$/.exec(line);
    if (!read) throw new DirectiveError(index + 1, `"${line.slice(0, 80)}" is no "name: value"`);
    entries.push({ line: index + 1, name: read[1] ?? "", value: (read[2] ?? "").trimEnd(), body: [] });
  }
  return entries.map((entry) => ({ ...entry, body: entry.body.join("\n").trimEnd() }));
}

function actOf(entry: Entry): Act {
  switch (entry.name) {
    case "say":
      return { kind: "say", text: whole(entry) };
    case "ask": {
      const read = readPrompts(needed(entry), entry.body);
      if ("problem" in read) throw new DirectiveError(entry.line, read.problem);
      return { kind: "ask", ...read };
    }
    case "write":
    case "leave-uncommitted":
      return { kind: entry.name, path: needed(entry), text: entry.body === "" ? "" : `${entry.body}\n` };
    case "edit":
      return { kind: "edit", path: needed(entry), ...changeOf(entry) };
    case "commit":
      return { kind: "commit", message: whole(entry) };
    case "conflict":
      return { kind: "conflict", path: entry.value || "README.md" };
    case "fail":
      return { kind: "fail", how: oneOf(failKinds, entry) };
    default:
      throw new DirectiveError(entry.line, `there is no directive "${entry.name}"`);
  }
}

/** `- ` before each line that goes, `+ ` before each that comes. */
function changeOf({ line, body }: Entry): { from: string; to: string } {
  const marked = (mark: string) =>
    body
      .split("\n")
      .filter((each) => each.startsWith(mark))
      .map((each) => each.slice(1).replace(/^ /, ""))
      .join("\n");
  const change = { from: marked("-"), to: marked("+") };
  if (change.from === "") throw new DirectiveError(line, "an edit needs the lines that go, each after '- '");
  return change;
}

function whole(entry: Entry): string {
  const text = [entry.value, entry.body].filter((part) => part !== "").join("\n");
  if (text === "") throw new DirectiveError(entry.line, `"${entry.name}" needs a text`);
  return text;
}

function needed(entry: Entry): string {
  if (entry.value === "") throw new DirectiveError(entry.line, `"${entry.name}" needs a value`);
  return entry.value;
}

function oneOf<Kind extends string>(kinds: readonly Kind[], { line, name, value }: Entry): Kind {
  const kind = kinds.find((each) => each === value);
  if (kind === undefined) throw new DirectiveError(line, `"${name}" is one of ${kinds.join(", ")}`);
  return kind;
}

function pauseOf({ line, value }: Entry): number {
  const ms = Number(value);
  if (!Number.isInteger(ms) || ms < 0 || ms > longestPauseMs)
    throw new DirectiveError(line, `"pause" is a number of milliseconds up to ${longestPauseMs}`);
  return ms;
}
