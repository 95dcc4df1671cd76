import { join } from "node:path";
import { z } from "zod";
import type { Reviewing, Run } from "#lib/domain/run-state.ts";
import { writeJson } from "#server/files/write-whole.ts";
import { stepFolder } from "./places.ts";
import { readWhole } from "./safe-file.ts";
import { worktreeOf, type Session } from "./session.ts";

const file = "uncommitted-before.json";
const schema = z.object({ sitting: z.string(), paths: z.array(z.string()) });

/**
 * Keeps what lay uncommitted in the worktree when a part of a council began: what a validation leaves there is
 * not the reviewers' doing. A part that goes on after a question or a failure began with its first step.
 */
export async function keepUncommittedBefore(session: Session, step: number): Promise<void> {
  const { run, directory, ports } = session;
  if (run.state.status !== "reviewing") return;
  const sitting = sittingOf(run, run.state);
  const earlier = await read(directory, step - 1);
  const { worktree, base } = worktreeOf(session);
  const paths =
    earlier?.sitting === sitting ? earlier.paths : (await ports.git.workState(worktree, base)).uncommitted;
  await writeJson(join(stepFolder(directory, step), file), { sitting, paths });
}

/** The paths that were uncommitted before the part that this step belongs to. */
export async function uncommittedBefore(directory: string, step: number): Promise<ReadonlySet<string>> {
  return new Set((await read(directory, step))?.paths);
}

/** Tells one attempt at one part of one council from all others of the session. */
function sittingOf({ reviews }: Run, { held, again }: Reviewing): string {
  return `${reviews.length + 1}/${held.length + 1}${again ? "/again" : ""}`;
}

async function read(directory: string, step: number): Promise<z.infer<typeof schema> | null> {
  const text = await readWhole(join(stepFolder(directory, step), file), 16 << 20);
  if (text === null) return null;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
