import { setTimeout } from "node:timers/promises";
import { GitError } from "#server/ports.ts";

/** Git reads every worktree before it adds or lists one, and gives up on one that is being made right then. */
const message = /failed to read .*\/(?:commondir|gitdir|HEAD)/;
const mostAttempts = 8;
const pauseMs = 15;

/** Repeats what stumbled over a worktree that was half made; `mend` clears up before each repetition. */
export async function pastHalfMade<Result>(
  call: () => Promise<Result>,
  mend: () => Promise<void> = () => Promise.resolve(),
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof GitError) || !message.test(error.output) || attempt === mostAttempts)
        throw error;
      await setTimeout(attempt * pauseMs);
      await mend();
    }
  }
}
