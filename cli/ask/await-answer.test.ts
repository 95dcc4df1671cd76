import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { askSchema, stateSchema } from "#lib/contract/files.ts";
import { awaitAnswer } from "./await-answer.ts";

const ask = askSchema.parse({ question: "Which hash?" });
const at = "2026-01-01T00:00:00.000Z";
const state = {
  ...{ version: 1, session: "session-t-1-abcdef", item: "t-1", phase: "implementation", round: 0, step: 1 },
  ...{ pid: null, branch: "amplify/t-1", worktree: "/w", base: null, head: null, openQuestions: [] },
  ...{ reason: null, verdict: null, costUsd: 0, createdAt: at, startedAt: at, lastActivityAt: at },
  ...{ endedAt: null, seq: 1 },
};

it("[Q137] a question that a session at rest will never take in is taken back, and its asker is told", async () => {
  const directory = await mkdtemp(join(tmpdir(), "amplify-ask-"));
  const stop = new AbortController();
  const tell = (status: string) =>
    writeFile(join(directory, "state.json"), JSON.stringify(stateSchema.parse({ ...state, status })));
  await tell("running");
  const end = awaitAnswer(directory, ask, { onAsked: () => undefined, signal: stop.signal });
  await expect.poll(() => readdir(join(directory, "asks")).catch(() => [])).toHaveLength(1);
  await tell("failed");
  expect(await end).toEqual({ kind: "too-late", status: "failed" });
  expect(await readdir(join(directory, "asks"))).toEqual([]);
  await rm(directory, { recursive: true });
});
