import { appendFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { parseClaudeLine } from "#lib/domain/claude-stream.ts";
import { parseItemId, parseObjectId, parseRepositoryId } from "#lib/domain/ids.ts";
import type { SessionId } from "#lib/domain/ids.ts";
import { newRun, type Run } from "#lib/domain/run-state.ts";
import { createManualClock } from "../../e2e/fixtures/manual-clock.ts";
import { createOverlaps } from "./overlaps.ts";
import type { SessionRow } from "./ports.ts";

const oid = parseObjectId("a".repeat(40));

/** One session in its first step, with a git that is counted. */
async function withCountedGit() {
  const directory = await mkdtemp(join(tmpdir(), "amplify-overlap-"));
  await mkdir(join(directory, "steps", "001"), { recursive: true });
  const clock = createManualClock();
  let looks = 0;
  const under = new Set<Promise<unknown>>();
  const id = "session-t-1-aaaaaa" as SessionId;
  const running = {
    ...newRun,
    state: { status: "running", step: { number: 1, process: null } },
  } as unknown as Run;
  const overlaps = createOverlaps({
    clock,
    git: {
      workState: () => {
        looks += 1;
        return Promise.resolve({ head: oid, ahead: 0, uncommitted: [] });
      },
      changes: () => Promise.resolve([]),
    },
    ledger: {
      write: async (decide) => (await decide("")).result,
      enrich: () => {},
      onFacts: () => () => {},
      onChange: () => () => {},
    },
    intake: { runOf: () => Promise.resolve(running) },
    parseLine: parseClaudeLine,
    repository: () => Promise.resolve({ root: "/nowhere" } as never),
    background: (work) => void under.add(work),
  });
  const row = {
    id,
    item: parseItemId("t-1"),
    repository: parseRepositoryId("0123456789abcdef"),
    state: { status: "running" },
    view: { directory, worktree: directory, base: oid, head: oid },
    spec: null,
  } as unknown as SessionRow;
  const settle = async () => {
    for (let turn = 0; turn < 30; turn += 1) await setImmediate();
    await Promise.all(under);
    for (let turn = 0; turn < 30; turn += 1) await setImmediate();
  };
  return {
    overlaps,
    row,
    looks: () => looks,
    async elapse(ms: number) {
      clock.advance(ms);
      await settle();
    },
    settle,
    print: (id: string, name: string) =>
      appendFile(
        join(directory, "steps", "001", "stream.jsonl"),
        `${JSON.stringify({ type: "assistant", message: { content: [{ type: "tool_use", id, name, input: {} }] } })}\n` +
          `${JSON.stringify({ type: "user", message: { content: [{ type: "tool_result", tool_use_id: id, content: "" }] } })}\n`,
      ),
    [Symbol.asyncDispose]: async () => {
      overlaps.stop();
      await rm(directory, { recursive: true });
    },
  };
}

describe("the cost of overlaps", () => {
  it("[D156] git looks once in three seconds at most, and never where nothing was edited", async () => {
    await using test = await withCountedGit();
    test.overlaps.take([test.row]);
    await test.settle();
    expect(test.looks()).toBe(1);

    for (const tool of ["Read", "Grep", "Glob"]) {
      await test.print(tool, tool);
      test.overlaps.stirred(test.row.id);
      await test.elapse(5_000);
    }
    await test.elapse(60_000);
    expect(test.looks()).toBe(1);

    for (let index = 0; index < 30; index += 1) {
      await test.print(`edit-${String(index)}`, "Edit");
      test.overlaps.stirred(test.row.id);
      await test.elapse(500);
    }
    // Fifteen seconds of edits: one look at once, then one for each rest.
    expect(test.looks()).toBeGreaterThanOrEqual(5);
    expect(test.looks()).toBeLessThanOrEqual(7);
    await test.elapse(60_000);
    const atRest = test.looks();
    await test.elapse(600_000);
    expect(test.looks()).toBe(atRest);
  });
});
