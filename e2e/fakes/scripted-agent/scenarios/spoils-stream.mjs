/** Speaks, spoils its own stream in the way that the file `spoil` names, and speaks again. */
import { existsSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ways = {
  cut: (stream) => truncateSync(stream, 0),
  remove: (stream) => rmSync(stream),
  replace(stream) {
    writeFileSync(`${stream}.new`, "not what it printed, and as long as that was\n".repeat(200));
    renameSync(`${stream}.new`, stream);
  },
};

export default async function play(agent) {
  const { sessionDir } = agent.order;
  const log = join(sessionDir, "output.log");
  agent.say("before");
  while (!existsSync(log) || !readFileSync(log, "utf8").includes("before")) await agent.sleep(10);
  ways[readFileSync(join(sessionDir, "spoil"), "utf8")](join(sessionDir, "steps/001/stream.jsonl"));
  agent.say(`after ${"x".repeat(5000)}`);
  await agent.forever();
}
