import { expect, it } from "vitest";
import { GitError } from "#server/ports.ts";
import { pastHalfMade } from "./half-made.ts";

const failure = (output: string) => new GitError(output, { command: "git worktree", exitCode: 128, output });
const stumble = failure("fatal: failed to read .git/worktrees/item-48/commondir: Success");

it("[G28] what stumbles over a half-made worktree is cleared up and repeated; any other failure is told at once", async () => {
  const done: string[] = [];
  const result = await pastHalfMade(
    () => {
      done.push("call");
      return done.length < 5 ? Promise.reject(stumble) : Promise.resolve("added");
    },
    () => Promise.resolve(void done.push("mend")),
  );
  expect(result).toBe("added");
  expect(done).toEqual(["call", "mend", "call", "mend", "call"]);

  let calls = 0;
  const other = failure("fatal: not a git repository");
  const failing = pastHalfMade(() => {
    calls += 1;
    return Promise.reject(other);
  });
  await expect(failing).rejects.toBe(other);
  expect(calls).toBe(1);
});
