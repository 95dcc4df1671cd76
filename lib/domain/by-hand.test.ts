import { execFileSync, spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRepository, isolatedGitEnvironment } from "../../e2e/fixtures/repository.ts";
import { byHandCommands, type ByHand } from "./by-hand.ts";
import { parseItemId } from "./ids.ts";

const order: ByHand = {
  root: "/home/ada/shop",
  base: "main",
  source: "beads",
  item: parseItemId("bd-auth.1"),
  branch: "amplify/bd-auth.1",
  worktree: "/home/ada/shop/.worktrees/bd-auth.1",
  summary: "Hash passwords",
  title: "Passwords",
};

describe("by hand", () => {
  it("[U230] the commands by hand are those of the specification, with the subject that a landing writes", () => {
    expect(byHandCommands(order)).toEqual([
      "cd /home/ada/shop",
      "git switch main",
      "git merge --no-ff amplify/bd-auth.1 -m 'Merge bd-auth.1: Hash passwords'",
      "git diff --name-only --diff-filter=U -z | xargs -0 git --literal-pathspecs add -- && git commit --no-edit",
      "bd close bd-auth.1 --reason 'Merged to main'",
      "git worktree remove /home/ada/shop/.worktrees/bd-auth.1",
    ]);
    expect(byHandCommands({ ...order, source: "backlog" })[4]).toBe(
      "amplify item close bd-auth.1 --reason 'Merged to main'",
    );
  });

  it("[U231] whatever a summary or a path holds, a shell reads it as one word", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 60 }), (text) => {
        const [change = "", , merge = ""] = byHandCommands({ ...order, root: `/x/${text}`, summary: text });
        fc.pre(!text.includes("\0"));
        const words = execFileSync("sh", ["-c", `set -- ${change} ${merge}; printf %s "$#"`], {
          encoding: "utf8",
        });
        expect(words).toBe("8");
      }),
      { numRuns: 25 },
    );
  });

  it("[M134] resolving by hand commits the files in conflict, and nothing else that lies in the checkout", async () => {
    await using repository = await createRepository({
      files: { "a*.txt": "a\n", "gone.txt": "x\n", "mine.txt": "x\n", "ab.txt": "x\n" },
    });
    const { path } = repository;
    const git = (...args: string[]) => repository.git(...args);
    await git("switch", "--quiet", "-c", "amplify/bd-1");
    await repository.write("a*.txt", "theirs\n");
    await repository.write("gone.txt", "theirs\n");
    await repository.commit("Work");
    await git("switch", "--quiet", "main");
    await repository.write("a*.txt", "ours\n");
    await git("rm", "--quiet", "gone.txt");
    await repository.commit("Be in the way");
    for (const file of [".env", "notes.txt", "abc.txt"]) await repository.write(file, "a secret\n");
    for (const file of ["mine.txt", "ab.txt"]) await repository.write(file, "not ready\n");

    const [enter = "", , merge = "", commit = ""] = byHandCommands({
      ...order,
      root: path,
      branch: "amplify/bd-1",
    });
    const env = { ...isolatedGitEnvironment(), GIT_AUTHOR_NAME: "Ada", GIT_AUTHOR_EMAIL: "ada@example.test" };
    const shell = (command: string) =>
      spawnSync("sh", ["-c", `${enter} && ${command}`], { env, encoding: "utf8" });
    expect(shell(merge).status).toBe(1);
    const early = shell(commit.split(" && ")[1]!);
    expect(early.status, early.stdout).not.toBe(0);
    await repository.write("a*.txt", "both\n");
    await git("rm", "--quiet", "--cached", "gone.txt");
    const committed = shell(commit);
    expect(committed.status, committed.stderr).toBe(0);
    expect(await git("show", "--first-parent", "--name-only", "--format=%p", "HEAD")).toMatch(
      /^\w+ \w+\n\na\*\.txt$/,
    );
    expect((await git("status", "--porcelain", "--untracked-files=all")).split("\n").sort()).toEqual(
      ["?? .env", "?? abc.txt", "?? gone.txt", "?? notes.txt", " M mine.txt", "M ab.txt"].sort(),
    );
  });
});
