import { join, relative } from "node:path";
import { answersFileSchema, stateSchema, type Spec } from "#lib/contract/files.ts";
import type { Run } from "#lib/domain/run-state.ts";
import { isUnreadable } from "./inbox.ts";
import { answersOf, stateOf } from "./projections.ts";
import { quarantine, readWhole } from "./safe-file.ts";
import type { Happening } from "./session.ts";

/** Files that only we write, for people and scripts to read. */
export type ProjectedFile = "state.json" | "answers.json";
export const projectedFiles: readonly ProjectedFile[] = ["state.json", "answers.json"];

interface Known {
  readonly spec: Spec;
  readonly run: Run;
  /** Of the run's last event. */
  readonly seq: number;
}

const limitBytes = 64 << 20;

/**
 * Looks at such a file as it lies there. One that cannot be read, or that says what the run never was, is moved aside
 * and told; null where it is one of ours, be it an older one, or gone. `known` is asked once the file was read.
 */
export async function mendProjected(
  directory: string,
  name: ProjectedFile,
  known: () => Known,
  stamp: string,
): Promise<Happening | null> {
  const path = join(directory, name);
  const aside = async () => relative(directory, await quarantine(directory, path, stamp));
  try {
    const text = await readWhole(path, limitBytes);
    const verdict = text === null ? "ours" : judgements[name](JSON.parse(text), known());
    if (verdict === "ours") return null;
    if (verdict === "forged") return { kind: "forgery-found", file: name, kept: await aside() };
    const problem = `${name} shows more than events.jsonl holds`;
    return { kind: "warned", text: `${problem}; it was set aside as ${await aside()} and written anew.` };
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    const text = `${name} could not be read; it was set aside as ${await aside()} and written anew.`;
    return { kind: "warned", text };
  }
}

type Verdict = "ours" | "forged" | "ahead";

const judgements: Readonly<Record<ProjectedFile, (there: unknown, known: Known) => Verdict>> = {
  "state.json": (there, { spec, run, seq }) => {
    const state = stateSchema.parse(there);
    if (state.session !== spec.session) return "forged";
    if (state.seq !== seq) return state.seq < seq ? "ours" : "ahead";
    const ours = stateOf(spec, run, { seq, lastActivityAt: state.lastActivityAt });
    return told.every((field) => state[field] === ours[field]) ? "ours" : "forged";
  },
  "answers.json": (there, { run }) => {
    const ours = new Set(answersOf(run).map((answer) => JSON.stringify(answersFileSchema.parse([answer]))));
    const isOurs = answersFileSchema.parse(there).every((answer) => ours.has(JSON.stringify([answer])));
    return isOurs ? "ours" : "forged";
  },
};

/** What people and scripts act upon. */
const told = ["item", "status", "phase", "verdict", "branch", "worktree", "base", "head", "handled"] as const;
