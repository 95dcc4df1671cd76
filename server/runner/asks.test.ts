import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { newRun } from "#lib/domain/run-state.ts";
import { foreignQuestions, mostOpenAsks, takeAsks } from "./asks.ts";

const at = "2026-01-01T00:00:00.000Z";
const asker = { phase: "implementation", step: 1 } as const;

it("[R215] a loop that writes questions gets so many of them through, and the rest is set aside and told once", async () => {
  const directory = await mkdtemp(join(tmpdir(), "amplify-asks-"));
  await mkdir(join(directory, "asks"));
  const many = Array.from({ length: mostOpenAsks + 30 }, (_, n) => ({ question: `Question ${n}?` }));
  for (const ask of many)
    await writeFile(join(directory, "asks", `${randomUUID()}.json`), JSON.stringify(ask));
  const taken = await takeAsks(directory, newRun, asker, at);
  expect(taken.asked).toHaveLength(mostOpenAsks);
  expect(taken.problems).toEqual([expect.stringMatching(/^30 more questions were set aside/)]);
  expect(await readdir(join(directory, "asks"))).toHaveLength(mostOpenAsks);

  const run = { ...newRun, questions: taken.asked.map((each) => ({ ...each, status: "open" as const })) };
  await writeFile(join(directory, "questions.json"), JSON.stringify(many));
  const foreign = await foreignQuestions(directory, run, asker, at);
  expect(foreign).toMatchObject({ asked: [], problems: [expect.stringContaining("set aside")] });
  await rm(directory, { recursive: true });
});
