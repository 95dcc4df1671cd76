import { appendFileSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { startMessagesApi } from "./messages-api.ts";
import type { Story } from "./story.ts";
import { disagreement, goodDay, oneRework, roleOf, tell } from "./story.ts";

/**
 * Runs the stand-in until it is ended: `tsx e2e/fakes/messages-api/main.ts --port-file FILE
 * [--story good-day|disagreement|one-rework|FILE.json] [--log FILE]`. The port file appears when it
 * listens and holds the whole address; a JSON file holds the fields that differ from the good day.
 */
const { values } = parseArgs({
  options: {
    "port-file": { type: "string" },
    story: { type: "string", default: "good-day" },
    log: { type: "string" },
  },
});
const portFile = values["port-file"];
if (!portFile) throw new Error("--port-file says where to leave the address");

const known: Readonly<Record<string, Story>> = {
  "good-day": goodDay,
  disagreement,
  "one-rework": oneRework,
};
const story = known[values.story] ?? {
  ...goodDay,
  ...(JSON.parse(readFileSync(values.story, "utf8")) as Partial<Story>),
};

const api = await startMessagesApi({
  script: tell(story),
  onRequest: (turn) => {
    if (!values.log) return;
    const line = {
      at: new Date().toISOString(),
      role: roleOf(turn),
      request: JSON.parse(turn.raw) as unknown,
    };
    appendFileSync(values.log, `${JSON.stringify(line)}\n`);
  },
});
writeFileSync(`${portFile}.new`, api.url);
renameSync(`${portFile}.new`, portFile);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void api.close());
