import { execFile, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { openScenario, times } from "./harness/tier.ts";

const reuses = times(20, 200);
const { count, note } = openScenario("pid-reuse");
const namespace = ["-p", "--fork", "--mount-proc", "--kill-child"];
const isPermitted =
  spawnSync("unshare", [...namespace, "sh", "-c", "echo 300 > /proc/sys/kernel/ns_last_pid"]).status === 0;
if (!isPermitted)
  note("SKIPPED: no PID namespace can be made here, so no process id can be forced to return");

it.skipIf(!isPermitted)(
  `[V6] ${reuses} process ids that strangers took over: none is signalled`,
  async () => {
    const program = fileURLToPath(new URL("agent/reuse-pids.ts", import.meta.url));
    const { stdout } = await promisify(execFile)("unshare", [
      ...namespace,
      process.execPath,
      "--import",
      "tsx",
      program,
      String(reuses),
    ]);
    const told = JSON.parse(stdout) as { reuses: number; signalled: number; mistaken: number };
    count("reuses", told.reuses);
    expect(told).toEqual({ reuses, signalled: 0, mistaken: 0 });
  },
);
