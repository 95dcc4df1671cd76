import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parseBranchName, parseObjectId } from "#lib/domain/ids.ts";
import { createGit } from "#server/adapters/git/git.ts";
import { createRepository } from "../fixtures/repository.ts";
import { openScenario, times } from "./harness/tier.ts";

const rounds = times(1, 20);
const atOnce = rounds === 1 ? 60 : 50;
const { count } = openScenario("worktrees");

it(`[V7] ${rounds} times ${atOnce} worktrees added at once: none fails, and no stray branch is left`, async () => {
  for (let round = 0; round < rounds; round++) {
    await using repository = await createRepository();
    // A branch that follows a remote one is what makes plain git fail here.
    await repository.git("config", "branch.autoSetupMerge", "always");
    await mkdir(join(repository.path, ".worktrees"));
    const base = parseObjectId(await repository.git("rev-parse", "HEAD"));
    const names = Array.from({ length: atOnce }, (_, index) => `item-${index}`);
    const git = createGit();
    const added = await Promise.allSettled(
      names.map((name) =>
        git.addWorktree({
          repository: repository.path,
          path: join(repository.path, ".worktrees", name),
          branch: parseBranchName(`amplify/${name}`),
          base,
        }),
      ),
    );
    const failed = added.filter(({ status }) => status === "rejected");
    expect(failed).toEqual([]);
    const listed = await git.worktrees(repository.path);
    expect(listed.map(({ branch }) => branch).toSorted()).toEqual(
      ["main", ...names.map((name) => `amplify/${name}`)].toSorted(),
    );
    await Promise.all(
      listed.slice(1).map(({ path }) => git.removeWorktree(repository.path, path, { force: false })),
    );
    expect((await repository.git("worktree", "list")).split("\n")).toHaveLength(1);
    count("worktrees", atOnce);
  }
}, 3_600_000);
