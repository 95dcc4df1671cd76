import { cp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { expect, it } from "vitest";
import {
  answersFileSchema,
  eventLineSchema,
  questionsFileSchema,
  reviewSchema,
  stateSchema,
} from "#lib/contract/files.ts";
import { setStage, type Stage } from "../fakes/scripted-agent/stage.ts";
import { openScenario, times } from "./harness/tier.ts";

const { dice, count } = openScenario("torn-files");
const json = async (directory: string, name: string): Promise<unknown> =>
  JSON.parse(await readFile(join(directory, name), "utf8"));

it(
  "[V11] whichever file of a waiting session is cut at whichever byte, the next runner mends it and goes on",
  async () => {
    await using stage = await setStage("question");
    const first = await stage.start();
    await stage.untilKind("step-asked");
    await first.stop();
    const { directory } = stage;
    const whole = await readEvents(directory);
    // What the server writes, it writes again where the runner finds it damaged (Z20).
    await tearEach(stage, { short: 150, but: ["spec.json"] }, async (file, where) => {
      const events = await readEvents(directory);
      const old = events.filter(({ event }) => event.kind !== "warned");
      expect(old, where).toEqual(whole.slice(0, old.length));
      if (file !== "events.jsonl") expect(old.length, where).toBe(whole.length);
      const state = stateSchema.parse(await json(directory, "state.json"));
      expect(state.seq, where).toBe(events.length);
      const questions = questionsFileSchema.parse(await json(directory, "questions.json"));
      answersFileSchema.parse(await json(directory, "answers.json"));
      if (old.length !== whole.length) return;
      expect(state.status, where).toBe("waiting");
      expect(questions, where).toMatchObject([{ id: "q-1", status: "open" }]);
    });
  },
  24 * 3_600_000,
);

it(
  "[V11] whichever file of an approved session is cut at whichever byte, a runner that is rung mends it, and the verdict stands",
  async () => {
    await using stage = await setStage("question");
    const first = await stage.start();
    await stage.untilKind("step-asked");
    const choices = [{ labels: ["red"], text: "" }];
    await stage.decide({ kind: "answer", question: "q-1" as never, choices });
    await stage.untilKind("review-concluded");
    await first.stop();
    const { directory } = stage;
    const whole = await readEvents(directory);
    const review = await json(directory, "review.json");
    // With a shorter history it would go on to work; that is tried above.
    await tearEach(stage, { short: 60, but: ["spec.json", "events.jsonl"] }, async (_, where) => {
      const told = new Set(["warned", "forgery-found"]);
      const events = await readEvents(directory);
      expect(
        events.filter(({ event }) => !told.has(event.kind)),
        where,
      ).toEqual(whole);
      const state = stateSchema.parse(await json(directory, "state.json"));
      expect(state, where).toMatchObject({ status: "approved", seq: events.length });
      expect(reviewSchema.parse(await json(directory, "review.json")), where).toEqual(review);
      questionsFileSchema.parse(await json(directory, "questions.json"));
      expect(answersFileSchema.parse(await json(directory, "answers.json")), where).toMatchObject([
        { question: "q-1", answer: "red" },
      ]);
    });
  },
  24 * 3_600_000,
);

/** Cuts files of the stage at chosen bytes, or at every byte; each time a runner comes by before `check`. */
async function tearEach(
  stage: Stage,
  { short, but }: { short: number; but: readonly string[] },
  check: (file: string, where: string) => Promise<void>,
) {
  const { directory } = stage;
  const kept = join(stage.home, "kept");
  await cp(directory, kept, { recursive: true });
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !but.includes(entry.name))
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)));
  const places = (
    await Promise.all(
      files.map(async (file) => {
        const { length } = await readFile(join(directory, file));
        return Array.from({ length }, (_, at) => ({ file, at }));
      }),
    )
  ).flat();
  count("files", files.length);
  count("bytes", places.length);
  const chosen = places
    .map((place) => ({ place, lot: dice.random() }))
    .toSorted((a, b) => a.lot - b.lot)
    .slice(0, times(short, places.length))
    .map(({ place }) => place);
  for (const { file, at } of chosen) {
    await rm(directory, { recursive: true });
    await cp(kept, directory, { recursive: true });
    // Cut, or cut and followed by what a lost page leaves.
    await truncate(join(directory, file), at);
    if (dice.chance(0.3)) await writeFile(join(directory, file), Buffer.alloc(64), { flag: "a" });
    const runner = await stage.start();
    await stage.ring();
    await runner.stop();
    count("files torn");
    await check(file, `${file} cut at ${at}`);
  }
}

async function readEvents(directory: string) {
  const lines = (await readFile(join(directory, "events.jsonl"), "utf8")).split("\n").slice(0, -1);
  return lines.map((line) => eventLineSchema.parse(JSON.parse(line)));
}
