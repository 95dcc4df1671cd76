import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { StateFile, Spec } from "#lib/contract/files.ts";
import { filesVersion } from "#lib/contract/files.ts";
import { choiceAsText } from "#lib/domain/question.ts";
import { activeOf, openQuestions, statusOf, type Run, type RunState } from "#lib/domain/run-state.ts";
import { writeJson } from "#server/files/write-whole.ts";

/** `state.json` as the run stands. */
export function stateOf(
  spec: Spec,
  run: Run,
  facts: { readonly seq: number; readonly lastActivityAt: string },
): StateFile {
  const { state } = run;
  return {
    version: filesVersion,
    session: spec.session,
    item: spec.item.id,
    status: statusOf(state),
    phase: phaseOf(state),
    round: run.round,
    step: run.steps,
    pid: activeOf(state)?.step?.process?.pid ?? null,
    branch: spec.branch,
    worktree: spec.worktree,
    base: run.base,
    head: run.head,
    openQuestions: openQuestions(run).map(({ id }) => id),
    reason: state.status === "failed" ? state.failure : null,
    verdict: verdictOf(run),
    costUsd: run.costUsd,
    createdAt: spec.createdAt,
    startedAt: run.startedAt,
    lastActivityAt: facts.lastActivityAt,
    endedAt: run.endedAt,
    seq: facts.seq,
    handled: run.handled,
  };
}

function phaseOf(state: RunState): StateFile["phase"] {
  if (state.status === "approved" || state.status === "rejected" || state.status === "completed") {
    return "review";
  }
  const at = activeOf(state) ?? ("then" in state ? state.then : null);
  return at?.status === "reviewing" ? "review" : "implementation";
}

/** The last council's word, while nothing has been done to the branch since. */
function verdictOf({ state, reviews }: Run): StateFile["verdict"] {
  if (state.status === "approved" || state.status === "rejected") return state.review.verdict;
  return state.status === "failed" && state.failure.reason === "no-verdict"
    ? (reviews.at(-1)?.verdict ?? "no-verdict")
    : null;
}

/** `answers.json` as the run stands. */
export function answersOf(run: Run) {
  return run.questions.flatMap((question) =>
    question.status === "answered"
      ? [
          {
            question: question.id,
            answer: question.answer.choices.map(choiceAsText).join("\n"),
            choices: question.answer.choices,
            by: question.answer.by,
            at: question.answer.at,
          },
        ]
      : [],
  );
}

/** Keeps the session's files for people and scripts in step with its run. */
export interface Projections {
  /** Writes what has changed since the last time; at most once at a time, and never an older run over a newer. */
  write(run: Run, facts: { readonly seq: number; readonly lastActivityAt: string }): Promise<void>;
  /** From now on the files that others may write into are written too: what lay in them was looked at. */
  release(): void;
  /** Somebody else wrote into this one: write it again. */
  forget(name: string): void;
}

export function createProjections(directory: string, spec: Spec): Projections {
  const written = new Map<string, string>();
  const held = new Set(["questions.json", "review.json"]);
  let tail: Promise<void> = Promise.resolve();
  /** The newest that is to be shown; what was to be shown before it need not be any more. */
  let newest: (() => Promise<void>) | null = null;
  const keep = async (name: string, value: unknown) => {
    const text = JSON.stringify(value);
    if (held.has(name) || written.get(name) === text) return;
    await writeJson(join(directory, name), value);
    written.set(name, text);
  };
  const writeAll = async (run: Run, facts: { readonly seq: number; readonly lastActivityAt: string }) => {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await keep("questions.json", run.questions);
    await keep("answers.json", answersOf(run));
    const review = run.reviews.at(-1);
    if (review) await keep("review.json", review);
    // Last, so that who sees its sequence number finds the others no older.
    await keep("state.json", stateOf(spec, run, facts));
  };
  return {
    write(run, facts) {
      const own = () => writeAll(run, facts);
      newest = own;
      tail = tail
        .catch(() => undefined)
        .then(() => {
          const wanted = newest;
          newest = null;
          return wanted?.().catch((error: unknown) => {
            newest ??= wanted;
            throw error;
          });
        });
      return tail;
    },
    release: () => held.clear(),
    forget: (name) => void written.delete(name),
  };
}
