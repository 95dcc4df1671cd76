import { cp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { expect, it } from "vitest";
import { answersFileSchema, eventLineSchema, questionsFileSchema, stateSchema } from "#lib/contract/files.ts";
import { setStage } from "../fakes/scripted-agent/stage.ts";
import { openScenario, times } from "./harness/tier.ts";

const sampled = times(150, Number.POSITIVE_INFINITY);
const { dice, count } = openScenario("torn-files");

it(
  "[V11] whichever file of a session is cut at whichever byte, the next runner mends it and goes on",
  async () => {
    await using stage = await setStage("question");
    const first = await stage.start();
    await stage.untilKind("step-asked");
    await first.stop();
    const { directory } = stage;
    const kept = join(stage.home, "kept");
    await cp(directory, kept, { recursive: true });
    const whole = await readEvents(directory);
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    // What the server writes, it writes again where the runner finds it damaged (Z20).
    const files = entries
      .filter((entry) => entry.isFile() && entry.name !== "spec.json")
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
      .slice(0, sampled)
      .map(({ place }) => place);
    for (const { file, at } of chosen) {
      await rm(directory, { recursive: true });
      await cp(kept, directory, { recursive: true });
      // Cut, or cut and followed by what a lost page leaves.
      await truncate(join(directory, file), at);
      if (dice.chance(0.3)) await writeFile(join(directory, file), Buffer.alloc(64), { flag: "a" });
      const runner = await stage.start();
      await runner.stop();
      count("files torn");
      const where = `${file} cut at ${at}`;
      const events = await readEvents(directory);
      const old = events.filter(({ event }) => event.kind !== "warned");
      expect(old, where).toEqual(whole.slice(0, old.length));
      if (file !== "events.jsonl") expect(old.length, where).toBe(whole.length);
      const json = async (name: string): Promise<unknown> =>
        JSON.parse(await readFile(join(directory, name), "utf8"));
      const state = stateSchema.parse(await json("state.json"));
      expect(state.seq, where).toBe(events.length);
      const questions = questionsFileSchema.parse(await json("questions.json"));
      answersFileSchema.parse(await json("answers.json"));
      if (old.length === whole.length) {
        expect(state.status, where).toBe("waiting");
        expect(questions, where).toMatchObject([{ id: "q-1", status: "open" }]);
      }
    }
  },
  24 * 3_600_000,
);

async function readEvents(directory: string) {
  const lines = (await readFile(join(directory, "events.jsonl"), "utf8")).split("\n").slice(0, -1);
  return lines.map((line) => eventLineSchema.parse(JSON.parse(line)));
}
