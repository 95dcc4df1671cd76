/** Speaks, spoils the session's readable log in the way that the file `spoil` names, and speaks again. */
import {
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

const ways = {
  cut: (log) => truncateSync(log, 0),
  remove: (log) => rmSync(log),
  replace(log) {
    writeFileSync(`${log}.new`, "FORGED\n");
    renameSync(`${log}.new`, log);
  },
  link(log) {
    rmSync(log);
    symlinkSync("/etc/hostname", log);
  },
};

export default async function play(agent) {
  const log = join(agent.order.sessionDir, "output.log");
  agent.say("before");
  while (!existsSync(log) || !readFileSync(log, "utf8").includes("before")) await agent.sleep(10);
  ways[readFileSync(join(agent.order.sessionDir, "spoil"), "utf8")](log);
  agent.say("after");
  await agent.forever();
}
