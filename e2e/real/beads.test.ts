import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createBeads } from "#server/adapters/beads/beads.ts";
import { runTool } from "#server/adapters/process/run-tool.ts";
import type { Clock } from "#server/ports.ts";
import { workSourceContract } from "#server/work-source.contract.ts";
import { beadsEnvironment, createBeadsWorkspace, findRealBd, type BeadsEra } from "../fixtures/beads.ts";
import { createRepository, type TestRepository } from "../fixtures/repository.ts";

const clock: Clock = {
  now: () => new Date(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

const templates = new Map<string, Promise<TestRepository>>();

/** An empty workspace, made once for each program, since making one takes seconds. */
async function template(bin: string): Promise<TestRepository> {
  const repository = await createRepository();
  await createBeadsWorkspace(repository.path, bin);
  return repository;
}

async function makeWorkspace(bin: string) {
  const made = templates.get(bin) ?? template(bin);
  templates.set(bin, made);
  const repository = await createRepository();
  // From 1.3 on the workspace has a lock file beside it, which its .gitignore hides.
  for (const name of [".beads", ".gitignore"]) {
    const source = join((await made).path, name);
    if (existsSync(source)) await cp(source, join(repository.path, name), { recursive: true });
  }
  const open = () =>
    createBeads({ repository: repository.path, runTool, clock, bin, env: beadsEnvironment(repository.path) });
  return { repository, open };
}

afterAll(async () => {
  for (const made of templates.values()) await (await made).dispose();
});

for (const era of ["sqlite", "dolt"] satisfies BeadsEra[]) {
  const bin = findRealBd(era);
  describe.skipIf(bin === null)(`bd of the ${era} era`, () => {
    workSourceContract(
      `Beads (${era})`,
      async () => {
        const { repository, open } = await makeWorkspace(bin ?? "");
        return { source: open(), rival: open(), dispose: () => repository.dispose() };
      },
      { atomicClaims: era === "dolt" },
    );

    it("[B16] reading does not ring, although it touches the database's files", async () => {
      const { repository, open } = await makeWorkspace(bin ?? "");
      await using _ = repository;
      const source = open();
      // The first opening of a copied database rebuilds its indexes.
      await source.list();
      let rings = 0;
      const stop = source.watch(() => rings++);
      for (let n = 0; n < 3; n++) {
        await source.list();
        await source.ready();
      }
      // Longer than the doorbell waits for a change to settle.
      await new Promise((resolve) => void clock.after(1_000, () => resolve(undefined)));
      stop();
      expect(rings).toBe(0);
    });

    it("[B17] nothing outside of .beads is touched", async () => {
      const { repository, open } = await makeWorkspace(bin ?? "");
      await using _ = repository;
      await repository.commit("Begin with Beads");
      const head = await repository.git("rev-parse", "HEAD");
      const source = open();
      const draft = {
        title: "A",
        type: "task",
        priority: 1,
        description: "",
        acceptance: "",
        labels: [],
        parent: null,
      };
      const { id } = await source.create(draft, "amplify/a", randomUUID());
      await source.claim(id, "amplify/a");
      await source.close(id, { actor: "amplify/a", reason: "Merged to main", comment: "Done" });
      await source.list();
      const dirty = await repository.git("status", "--porcelain", "--untracked-files=all");
      expect(dirty.split("\n").filter((line) => line !== "" && !line.slice(3).startsWith(".beads/"))).toEqual(
        [],
      );
      expect(await repository.git("rev-parse", "HEAD")).toBe(head);
    });
  });
}
