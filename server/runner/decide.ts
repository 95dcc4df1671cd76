import type { InboxEntry, Spec } from "#lib/contract/files.ts";
import type { ObjectId } from "#lib/domain/ids.ts";
import { isAlive, type Run } from "#lib/domain/run-state.ts";
import type { Git } from "#server/ports.ts";
import type { Happening } from "./session.ts";

type Decision = Exclude<InboxEntry, { kind: "stop" }>;

/** What a person's decision makes happen to the run. A decision that does not apply is `handled`, with the reason. */
export async function decide(run: Run, spec: Spec, entry: Decision, git: Git): Promise<Happening> {
  const { number: inbox, by } = entry;
  const refuse = (outcome: string): Happening => ({ kind: "handled", inbox, outcome });
  const { state } = run;
  switch (entry.kind) {
    case "answer":
      return {
        kind: "answered",
        question: entry.question,
        answer: { choices: entry.choices, by, at: entry.at },
        inbox,
      };
    case "message":
      if (isAlive(state)) return { kind: "noted", by, text: entry.text, inbox };
      if (state.status === "approved") {
        return { kind: "rework-started", round: run.round + 1, by, note: entry.text, comments: [], inbox };
      }
      return { kind: "resumed", by, note: entry.text, inbox, fresh: false };
    case "resume":
      return { kind: "resumed", by, note: entry.note, inbox, fresh: entry.fresh };
    case "rework":
      return {
        kind: "rework-started",
        round: run.round + 1,
        by,
        note: entry.note,
        comments: entry.comments,
        inbox,
      };
    case "recheck": {
      if (isAlive(state)) return refuse("It is at work; the base is looked at again when it lands.");
      if (run.worktree === null) return refuse("There is no worktree yet.");
      const before = await git.resolve(run.worktree, "HEAD");
      const foreign = state.status === "approved" && before !== state.review.head;
      const { head, conflicts } = await mergeBase(run.worktree, spec, entry.base, git);
      return { kind: "base-merged", base: entry.base, head, conflicts, foreign, inbox };
    }
  }
}

/** A merge that an earlier runner left open with its conflicts is the one that is wanted. */
async function mergeBase(worktree: string, spec: Spec, base: ObjectId, git: Git) {
  try {
    const message = `Merge ${spec.base.branch} into ${spec.branch}`;
    return await git.mergeInto(worktree, base, message, spec.identity);
  } catch (error) {
    const { head, uncommitted } = await git.workState(worktree, base);
    if (uncommitted.length === 0) throw error;
    return { head, conflicts: uncommitted };
  }
}
