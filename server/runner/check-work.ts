import { join } from "node:path";
import type { Validation } from "#lib/domain/run-state.ts";
import { writeWhole } from "#server/files/write-whole.ts";
import { lastMessages } from "./past.ts";
import { worktreeOf, type Session } from "./session.ts";
import { summaryFor } from "./summary.ts";
import { validate } from "./validate.ts";

/** Looks at what a step of work left behind, does the one thing that is next about it, and says so. */
export async function checkWork(session: Session): Promise<void> {
  const { run, spec, ports } = session;
  const { worktree, base } = worktreeOf(session);
  const { uncommitted } = await ports.git.workState(worktree, base);
  const leftByValidation = run.validation?.passed === true;
  if (uncommitted.length > 0 && !leftByValidation) {
    if (!run.tidied) {
      await session.emit({ kind: "left-uncommitted", files: uncommitted.slice(0, 100) });
      return;
    }
    await ports.git.commitAll(worktree, `Keep what was left uncommitted on ${spec.item.id}`, spec.identity);
    await session.emit({
      kind: "warned",
      text: `Left uncommitted, and committed by us: ${uncommitted.join(", ").slice(0, 2000)}`,
    });
  }
  // A merge that was resolved to our own side shows no file and is open all the same.
  if (uncommitted.length === 0) {
    await ports.git.commitAll(worktree, `Merge ${spec.base.branch} into ${spec.branch}`, spec.identity);
  }
  const { head, ahead } = await ports.git.workState(worktree, base);
  if (!(await ports.git.isAncestor(spec.repository.root, base, head))) {
    const detail = `The branch does not hold its base ${base}: the merge was given up.`;
    await session.emit({ kind: "failed", failure: { reason: "merge-conflict", detail } });
    return;
  }
  if (ahead === 0) {
    const detail = "The branch has no commit that the base does not have.";
    await session.emit({ kind: "failed", failure: { reason: "no-change", detail } });
    return;
  }
  let { validation } = session.run;
  if (!validation?.passed || validation.head !== head) {
    validation = await validate(session, head);
    await session.emit({ kind: "validated", validation });
    if (!validation.passed) return;
  }
  await complete(session, validation);
}

async function complete(session: Session, validation: Validation): Promise<void> {
  const { spec, ports } = session;
  const { base } = worktreeOf(session);
  const [last] = await lastMessages(session.directory, 1);
  const commits = await ports.git.commits(spec.worktree, base, validation.head, 100);
  const { heading, text } = summaryFor({ spec, base, message: last?.text ?? "", commits, validation });
  await writeWhole(join(session.directory, "summary.md"), text);
  await session.emit({ kind: "completed", head: validation.head, summary: heading });
}
