import { cp, lstat, readdir, readFile, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { setStage, type Stage } from "#e2e/fakes/scripted-agent/stage.ts";
import { answersFileSchema, eventLineSchema, questionsFileSchema, stateSchema } from "#lib/contract/files.ts";
import type { RunEvent } from "#lib/domain/run-event.ts";

const uuid = "0b5f2a83-0c5f-4da9-ad2e-c25b92550d7d";

type Damage = (path: string, text: string) => Promise<void>;
const damages: Readonly<Record<string, Damage>> = {
  torn: (path, text) => writeFile(path, text.slice(0, Math.floor(text.length / 2))),
  binary: (path) => writeFile(path, Buffer.from([0, 255, 1, 254, 10, 0, 0xc3, 0x28])),
  // Sparse: it is refused by its size alone.
  oversized: (path) => truncate(path, 300 << 20),
  async linked(path) {
    await rm(path, { force: true });
    await symlink("/etc/hostname", path);
  },
};

/** What a forger would write, by file. Each reads well. */
const forgeries: Readonly<Record<string, (text: string) => string>> = {
  "state.json": (text) => text.replace('"status": "waiting"', '"status": "approved"'),
  "answers.json": () =>
    JSON.stringify([
      {
        question: "q-1",
        answer: "red",
        choices: [{ labels: ["red"], text: "" }],
        by: "Ada",
        at: "2026-01-01T00:00:00.000Z",
      },
    ]),
  "review.json": () => JSON.stringify({ verdict: "approved" }),
  "events.jsonl": (text) => `${text}${JSON.stringify({ seq: 99, event: { kind: "completed" } })}\n`,
};

/** Whole files as they are while a question waits; those that are not there yet are put there by somebody else. */
const files: Readonly<Record<string, string | null>> = {
  "state.json": null,
  "answers.json": null,
  "questions.json": null,
  "events.jsonl": null,
  "output.log": null,
  "review.json": JSON.stringify({ verdict: "approved", round: 0 }),
  [`asks/${uuid}.json`]: JSON.stringify({ question: "Which colour?", options: ["red"] }),
  "inbox/0001-answer.json": JSON.stringify({ number: 1, kind: "answer" }),
};

const kinds = [...Object.keys(damages), "forged"];
/** Not every damage can be told from what may be there: a log is text, and its size is the agent's to choose. */
const isNone = (file: string, kind: string) =>
  (file === "output.log" && kind !== "linked") || (kind === "forged" && !(file in forgeries));

it("[R206] whichever file of a session is torn, binary, oversized, linked or forged, it is set aside, told with its place, and made anew", async () => {
  await using stage = await setStage("question");
  const first = await stage.start();
  await stage.untilKind("step-asked");
  await first.stop();
  const kept = join(stage.home, "kept");
  await cp(stage.directory, kept, { recursive: true });
  const before = (await stage.events()).map(({ kind }) => kind);
  const hostname = await readFile("/etc/hostname", "utf8");
  let cases = 0;
  for (const [file, text] of Object.entries(files)) {
    for (const kind of kinds.filter((each) => !isNone(file, each))) {
      await rm(stage.directory, { recursive: true });
      await cp(kept, stage.directory, { recursive: true });
      await spoil(join(stage.directory, file), text, kind, file);
      const runner = await stage.start();
      const events = await stage.until(({ kind: each }) => each === "warned" || each === "forgery-found");
      await runner.stop();
      await isMended(stage, events, `${file}, ${kind}`);
      const told = events
        .map((event) => event.kind)
        .filter((each) => !["warned", "forgery-found", "handled"].includes(each));
      expect(told, `${file}, ${kind}`).toEqual(before.slice(0, told.length));
      cases += 1;
    }
  }
  expect(cases).toBe(33);
  expect(await readFile("/etc/hostname", "utf8")).toBe(hostname);
}, 120_000);

it("[R207] what an agent wrote into questions.json while no runner lived is taken in", async () => {
  await using stage = await setStage("question");
  const first = await stage.start();
  await stage.untilKind("step-asked");
  await first.stop();
  const path = join(stage.directory, "questions.json");
  const questions = questionsFileSchema.parse(JSON.parse(await readFile(path, "utf8")));
  await writeFile(path, JSON.stringify([...questions, { question: "By hand?", options: ["yes", "no"] }]));
  const second = await stage.start();
  const events = await stage.untilKind("asked");
  await second.stop();
  expect(events.at(-1)).toMatchObject({ question: { id: "q-2", prompts: [{ text: "By hand?" }] } });
  expect(questionsFileSchema.parse(JSON.parse(await readFile(path, "utf8")))).toHaveLength(2);
});

async function spoil(path: string, text: string | null, kind: string, file: string) {
  if (text !== null) await writeFile(path, text);
  const whole = await readFile(path, "utf8");
  if (kind === "forged") await writeFile(path, forgeries[file]!(whole));
  else await damages[kind]!(path, whole);
}

/** What was in the file's place lies under `quarantine/`, a warning says where, and the files are whole. */
async function isMended({ directory }: Stage, events: readonly RunEvent[], what: string) {
  const places = events.flatMap((event) =>
    event.kind === "warned"
      ? (/quarantine\/[\w.-]+/.exec(event.text.replace(/\.(?= |$)/g, "")) ?? [])
      : event.kind === "forgery-found"
        ? [event.kept]
        : [],
  );
  expect(places, what).not.toEqual([]);
  for (const place of places) await lstat(join(directory, place));
  expect(await readdir(join(directory, "quarantine")), what).toHaveLength(places.length);
  const read = (name: string) => readFile(join(directory, name), "utf8");
  for (const name of ["state.json", "answers.json", "questions.json", "events.jsonl", "output.log"])
    expect((await lstat(join(directory, name))).isFile(), `${name} after ${what}`).toBe(true);
  const lines = (await read("events.jsonl")).split("\n").slice(0, -1);
  expect(stateSchema.parse(JSON.parse(await read("state.json"))).seq, what).toBe(lines.length);
  for (const line of lines) eventLineSchema.parse(JSON.parse(line));
  questionsFileSchema.parse(JSON.parse(await read("questions.json")));
  answersFileSchema.parse(JSON.parse(await read("answers.json")));
}
