import { chmod, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { branchFor, parseItemId, parseObjectId, parseSessionId } from "#lib/domain/ids.ts";
import type { LandingGit } from "#server/ports.ts";
import { createRepository, runGit, type TestRepository } from "../../../e2e/fixtures/repository.ts";
import { createGit } from "./git.ts";

const identity = { name: "Ada Example", email: "ada@example.test" };
const allHooks = [
  "applypatch-msg",
  "commit-msg",
  "post-applypatch",
  "post-checkout",
  "post-commit",
  "post-index-change",
  "post-merge",
  "post-rewrite",
  "pre-applypatch",
  "pre-auto-gc",
  "pre-commit",
  "pre-merge-commit",
  "pre-rebase",
  "prepare-commit-msg",
  "reference-transaction",
];

/** Plants a program in every place where git looks for one; each leaves a file in `canaries` when it runs. */
async function plant(repository: TestRepository): Promise<{ canaries: string }> {
  const canaries = join(repository.path, "..", "canaries");
  await mkdir(canaries);
  const program = async (name: string, rest = "cat") => {
    const path = join(canaries, "..", `planted-${name}`);
    await writeFile(path, `#!/bin/sh\ntouch '${canaries}/${name}'\n${rest}\n`);
    await chmod(path, 0o755);
    return path;
  };
  const hooks = join(repository.commonDir, "hooks");
  await mkdir(hooks, { recursive: true });
  for (const hook of allHooks) {
    await writeFile(join(hooks, hook), `#!/bin/sh\ntouch '${canaries}/hook-${hook}'\n`);
    await chmod(join(hooks, hook), 0o755);
  }
  const settings: Record<string, string> = {
    "core.hooksPath": hooks,
    "core.fsmonitor": await program("fsmonitor", "exit 1"),
    "core.editor": await program("editor", "exit 0"),
    "core.pager": await program("pager"),
    "core.sshCommand": await program("ssh", "exit 1"),
    "core.askPass": await program("askpass", "exit 1"),
    "credential.helper": await program("credential", "exit 1"),
    "commit.gpgSign": "true",
    "log.showSignature": "true",
    "gpg.program": await program("gpg", "exit 1"),
    "diff.external": await program("diff-external", "exit 0"),
    "diff.planted.command": await program("diff-command", "exit 0"),
    "diff.planted.textconv": await program("textconv"),
    "filter.planted.clean": await program("filter-clean"),
    "filter.planted.smudge": await program("filter-smudge"),
    "filter.planted.required": "true",
    "filter.with=sign.process": await program("filter-process", "exit 1"),
    "merge.planted.driver": await program("merge-driver", "exit 0"),
    "merge.default": "planted",
    "sequence.editor": await program("sequence-editor", "exit 0"),
    "submodule.recurse": "true",
    "status.submoduleSummary": "true",
    "extensions.partialClone": "planted",
    "remote.planted.url": repository.path,
    "remote.planted.promisor": "true",
    "remote.planted.uploadpack": await program("uploadpack", "exit 1"),
    "protocol.allow": "always",
    "protocol.ext.allow": "always",
  };
  for (const name of ["status", "diff", "merge", "worktree", "commit", "update-ref", "log", "cat-file"]) {
    settings[`alias.${name}`] = `!touch '${canaries}/alias-${name}'`;
  }
  for (const [key, value] of Object.entries(settings)) await repository.git("config", key, value);
  return { canaries };
}

/** Every operation of the port at least once, on repositories in which there is something to do. */
async function callEverything(
  git: LandingGit,
  repository: TestRepository,
  base: string,
  theirs: string,
): Promise<Set<string>> {
  const called = new Set<string>();
  const spied = new Proxy(git, {
    get: (target, name, receiver) => {
      called.add(String(name));
      return Reflect.get(target, name, receiver) as unknown;
    },
  });
  const [from, to] = [parseObjectId(base), parseObjectId(theirs)];
  const root = repository.path;
  const worktree = join(root, ".worktrees", "one");
  const branch = branchFor(parseItemId("one"));
  await spied.inspect(root);
  await spied.identity(root);
  await spied.excludeWorktrees(root);
  expect(await spied.resolve(root, "main")).toBe(base);
  expect(await spied.resolve(root, "0123456789012345678901234567890123456789")).toBeNull();
  await spied.addWorktree({ repository: root, path: worktree, branch, base: from });
  await spied.worktrees(root);
  await writeFile(join(worktree, "file.txt"), "of the task\nmiddle\nend\n");
  await writeFile(join(worktree, "new.bin"), "new");
  await writeFile(join(worktree, "plain.md"), "plain");
  await mkdir(join(worktree, "nested"));
  await runGit(join(worktree, "nested"), "init", "-q");
  await runGit(join(worktree, "nested"), "config", "core.fsmonitor", join(root, "..", "planted-fsmonitor"));
  await spied.workState(worktree, from);
  const snapshot = await spied.snapshot(worktree, "Keep", identity);
  expect(snapshot?.omitted).toEqual(["nested"]);
  await expect(spied.commitAll(worktree, "Work", identity)).rejects.toThrow("filter");
  for (const name of ["new.bin", "plain.md"]) await rm(join(worktree, name));
  const head = await spied.commitAll(worktree, "Work", identity);
  expect(head).not.toBeNull();
  const merged = await spied.mergeInto(worktree, to, "Bring main in", identity);
  expect(merged.conflicts).toEqual(["file.txt"]);
  await writeFile(join(worktree, "file.txt"), "solved\n");
  await spied.commitAll(worktree, "Solve", identity);
  await writeFile(join(worktree, "file.txt"), "left over\n");
  await spied.discardUncommitted(worktree);
  expect(await readFile(join(worktree, "file.txt"), "utf8")).toBe("solved\n");
  await spied.mergeBase(root, from, to);
  await spied.isAncestor(root, from, to);
  await spied.changes(root, from, to);
  expect((await spied.diff(root, from, to, { limitBytes: 10_000 })).text).toContain("of main");
  await spied.preview(root, to, head!);
  const clean = await spied.preview(root, from, to, { keepOurs: [".beads"] });
  await spied.commits(root, from, to, 5);
  const tree = clean.clean ? clean.tree : from;
  const landing = await spied.commitTree({
    repository: root,
    tree,
    parents: [from, to],
    message: "Merge",
    identity,
  });
  await spied.moveRef(root, "refs/amplify/landing/one", landing, null, "land");
  await spied.refs(root, "refs/amplify/");
  await spied.archive(root, parseSessionId("session-one-abc123"), landing, "test");
  await spied.archives(root, from);
  await spied.archiveBytes(root);
  const warm = join(root, ".worktrees", ".warm", "1");
  await spied.addScratchWorktree({ repository: root, path: warm, commit: landing });
  const second = { path: join(root, ".worktrees", "two"), branch: branchFor(parseItemId("two")) };
  await spied.claimWorktree({ repository: root, from: warm, base: to, ...second });
  await spied.removeWorktree(root, second.path);
  const checkout = await spied.checkoutOf(root, "main", from, landing);
  expect(checkout.path).toBe(root);
  expect(await spied.fastForward(root, "main", landing)).toBe("moved");
  expect(await spied.mendCheckout(root, "main", landing, from)).toEqual([]);
  expect(await spied.mendCheckout(root, "main", from, landing)).toEqual([]);
  await spied.freeRef(root, "refs/heads/main");
  expect(await spied.mergedBy(root, to, landing)).toBe(landing);
  expect(await spied.holdsWork(root, to, landing)).toBe(true);
  expect(await spied.explainConflict(root, from, to)).toEqual([]);
  expect(await spied.specialChanges(root, from, to)).toEqual({ submodules: [], lfs: [] });
  expect(await spied.parentsOf(root, landing)).toEqual([from, to]);
  expect(await spied.treeOf(root, landing)).toBe(tree);
  expect((await spied.movesOf(repository.commonDir, "main", from))?.at(-1)?.to).toBe(landing);
  expect(await spied.madeIn(worktree)).toContain(head);
  expect(Object.keys(await spied.actingSettings(repository.commonDir))).toContain("core.fsmonitor");
  await spied.removeWorktree(root, worktree, { force: true });
  return called;
}

it("[G1] nothing that a repository's configuration plants runs in any operation", async () => {
  await using repository = await createRepository({
    files: {
      ".gitattributes": "*.txt diff=planted merge=planted\n*.bin filter=planted\n*.md filter=with=sign\n",
      "file.txt": "first\nmiddle\nend\n",
      "data.bin": "data\n",
    },
  });
  const base = await repository.git("rev-parse", "HEAD");
  await repository.git("switch", "-q", "-c", "side");
  await repository.write("file.txt", "of main\nmiddle\nend\n");
  await repository.write("other.txt", "other\n");
  const theirs = await repository.commit("Change on main");
  await repository.git("switch", "-q", "main");
  const { canaries } = await plant(repository);

  const git = createGit();
  const called = await callEverything(git, repository, base, theirs);
  expect(await readdir(canaries)).toEqual([]);
  expect([...called].sort()).toEqual(Object.keys(git).sort());

  // The traps are real: the person's own git springs them in the same repository.
  for (const command of [
    ["worktree", "add", "--no-track", "-b", "proof", join(repository.path, "..", "proof"), theirs],
    ["-c", "core.fsmonitor=", "commit", "-q", "--allow-empty", "--no-gpg-sign", "-m", "proof"],
    ["-c", "core.fsmonitor=", "diff", base, theirs],
    ["-c", "core.fsmonitor=", "diff", "--no-ext-diff", base, theirs],
    ["-c", "core.fsmonitor=", "cat-file", "-e", "0123456789012345678901234567890123456789"],
    ["status"],
    ["-c", "core.fsmonitor=", "add", "--all", "--renormalize"],
    ["-c", "core.fsmonitor=", "commit", "--allow-empty", "--no-verify", "--gpg-sign"],
    ["-c", "core.fsmonitor=", "commit", "--allow-empty", "--no-verify", "--gpg-sign", "-m", "signed"],
    ["fetch", "ssh://nowhere.invalid/planted"],
  ]) {
    await repository.git(...command).catch(() => "");
  }
  const quiet = ["-c", "core.fsmonitor=", "-c", "core.hooksPath=/dev/null", "-c", "commit.gpgSign=false"];
  await repository.git(...quiet, "reset", "-q", "--hard", base);
  await repository.write("file.txt", "first\nmiddle\nof ours\n");
  await repository.git(...quiet, "commit", "-q", "-m", "Ours", "file.txt");
  await repository.git(...quiet, "merge", "--no-edit", theirs);
  const sprung = await readdir(canaries);
  for (const trap of [
    "fsmonitor",
    "filter-clean",
    "filter-smudge",
    "diff-command",
    "textconv",
    "merge-driver",
    "editor",
    "gpg",
    "ssh",
    "uploadpack",
    "hook-post-checkout",
    "hook-pre-commit",
    "hook-commit-msg",
    "hook-reference-transaction",
  ]) {
    expect(sprung).toContain(trap);
  }
});
