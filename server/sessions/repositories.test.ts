import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createTestApplication, owner } from "../../e2e/fixtures/application.ts";
import { createRepository, runGit } from "../../e2e/fixtures/repository.ts";

describe("repositories", () => {
  it("[D23] adding one twice, from a folder in it or through a link, finds the same one", async () => {
    await using test = await createTestApplication();
    const { path } = test.repository;
    const first = await test.command("repository:add", { path });
    expect(first).toMatchObject({
      added: true,
      repository: { root: path, base: "main", source: "backlog", problem: null },
    });
    await mkdir(join(path, "deep/er"), { recursive: true });
    expect(await test.command("repository:add", { path: join(path, "deep/er") })).toMatchObject({
      added: false,
      repository: { id: first.repository.id },
    });
    await symlink(path, join(test.home, "link"));
    expect((await test.command("repository:add", { path: join(test.home, "link") })).added).toBe(false);
    await mkdir(join(path, ".beads"));
    const again = await test.command("repository:add", { path });
    expect(again.repository).toMatchObject({ id: first.repository.id, source: "beads" });
    expect(await test.repository.git("status", "--porcelain", "--", ".worktrees")).toBe("");
  });

  it("[D24] what is no usable repository is refused with what to do", async () => {
    await using test = await createTestApplication();
    const folder = await mkdtemp(join(tmpdir(), "amplify-no-repository-"));
    await using empty = await createRepository({ files: {} });
    await runGit(folder, "init", "--quiet", "--bare", "bare.git");
    const refusal = (path: string) =>
      test
        .command("repository:add", { path })
        .catch((error: unknown) => (error as { problem: unknown }).problem);
    expect(await refusal(folder)).toMatchObject({
      code: "invalid",
      message: `${folder} is not in a git repository.`,
    });
    expect(await refusal(join(folder, "nowhere"))).toMatchObject({ code: "invalid" });
    await writeFile(join(folder, "file.txt"), "");
    expect(await refusal(join(folder, "file.txt"))).toMatchObject({ code: "invalid" });
    // Whose current folder would that be?
    for (const path of [".", "..", "repository"])
      expect(await refusal(path)).toMatchObject({ code: "invalid", message: `${path} is not a whole path.` });
    expect(await refusal(empty.path)).toMatchObject({
      code: "invalid",
      fix: "Make the first commit, then add it again.",
    });
    expect(await refusal(join(folder, "bare.git"))).toMatchObject({ code: "invalid" });
    await rm(folder, { recursive: true });
  });

  it("[D25] a broken configuration is told, and names its line", async () => {
    await using test = await createTestApplication();
    await test.add();
    await writeFile(join(test.repository.path, "amplify.config.json"), '{\n  "setup": ["npm ci",\n');
    const [view] = await test.inside().application.read("repositories", {}, { actor: owner });
    expect(view?.problem).toMatch(/^amplify\.config\.json, line 3: /);
    await writeFile(join(test.repository.path, "amplify.config.json"), '{ "setpu": [] }');
    const [other] = await test.inside().application.read("repositories", {}, { actor: owner });
    expect(other?.problem).toContain("setpu");
  });

  it("[D26] the doctor looks at everything and at nothing without a repository", async () => {
    await using test = await createTestApplication();
    const ask = () => test.inside().application.read("doctor", {}, { actor: owner });
    expect((await ask()).map(({ name }) => name)).toEqual([
      "git",
      "agent claude",
      "data folder",
      "disk",
      "runner",
    ]);
    await test.add();
    expect((await ask()).every(({ ok }) => ok)).toBe(true);
  });
});
