import { appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Fact } from "#lib/contract/wire.ts";
import { parseItemId } from "#lib/domain/ids.ts";
import { memoryItem } from "../../e2e/fakes/memory-work-source.ts";
import type { ScriptedRunner } from "../../e2e/fakes/scripted-runner.ts";
import { createTestApplication, owner, type TestApplication } from "../../e2e/fixtures/application.ts";

const shared = (file: string) => (fact: Fact) =>
  fact.changes.overlaps?.some(({ meetings }) => meetings.some(({ files }) => files.includes(file))) ?? false;

async function withTwo() {
  const test = await createTestApplication();
  for (const name of ["t-1", "t-2"]) {
    const item = parseItemId(name);
    test.backlog.items.set(item, memoryItem(name));
  }
  await test.add();
  const [one, two] = [await test.dispatch("t-1"), await test.dispatch("t-2")];
  for (const { session, runner } of [one, two]) {
    await runner.prepare();
    await runner.startStep();
    await test.reaches(session.id, "running");
  }
  return { test, one, two };
}

const overlaps = (test: TestApplication) => test.inside().application.read("overlaps", {}, { actor: owner });

/** What an agent's CLI prints of a tool that it used. */
async function useTool(runner: ScriptedRunner, id: string, name: string) {
  const lines = [
    {
      type: "assistant",
      message: { role: "assistant", content: [{ type: "tool_use", id, name, input: {} }] },
      session_id: "s",
    },
    {
      type: "user",
      message: { role: "user", content: [{ type: "tool_result", tool_use_id: id, content: "done" }] },
      session_id: "s",
    },
  ];
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  await appendFile(join(runner.directory, "steps", "001", "stream.jsonl"), text);
  await appendFile(join(runner.directory, "output.log"), `${name}\n`);
}

/** Lets time pass until this has come. */
async function passing<Value>(test: TestApplication, awaited: Promise<Value>): Promise<Value> {
  const done = new AbortController();
  void awaited.finally(() => done.abort());
  while (!done.signal.aborted) await test.elapse(1_000);
  return awaited;
}

describe("overlaps", () => {
  it("[D154] an edit that an agent makes is told at once to both sessions that touch the file", async () => {
    const { test, one, two } = await withTwo();
    await using _ = test;
    await writeFile(join(one.session.worktree, "both.ts"), "a\n");
    await writeFile(join(two.session.worktree, "both.ts"), "b\n");
    const told = test.fact(shared("both.ts"));
    await useTool(one.runner, "a", "Write");
    await useTool(two.runner, "b", "Edit");
    const fact = await passing(test, told);
    expect(fact.name).toBe("overlap:seen");
    expect(fact.text).toMatch(/^t-\d and t-\d both touch both\.ts\.$/);
    const meeting = { item: "t-2", files: ["both.ts"], count: 1, folders: [] };
    expect(await overlaps(test)).toMatchObject([
      { session: one.session.id, meetings: [{ session: two.session.id, ...meeting }] },
      { session: two.session.id, meetings: [{ session: one.session.id }] },
    ]);
    const detail = await test.inside().application.read("session", { session: "t-1" }, { actor: owner });
    expect(detail.meetings).toMatchObject([meeting]);
  });

  it("[D155] committed work counts, approved work too, until a session has ended; a restart knows it again", async () => {
    const { test, one, two } = await withTwo();
    await using _ = test;
    const told = test.fact(shared("work.ts"));
    await one.runner.work("work.ts", "a\n");
    await one.runner.complete();
    await one.runner.review("approve");
    await two.runner.work("work.ts", "b\n");
    await two.runner.complete();
    await passing(test, told);
    await test.restart();
    await test.inside().application.settled();
    expect(await overlaps(test)).toHaveLength(2);
    const over = test.fact(
      ({ changes }) => changes.overlaps?.every((each) => each.meetings.length === 0) ?? false,
    );
    await two.runner.write({ kind: "stopped", by: "Ada", discard: false, inbox: 1 });
    expect((await over).changes.overlaps).toHaveLength(2);
    expect(await overlaps(test)).toEqual([]);
  });
});
