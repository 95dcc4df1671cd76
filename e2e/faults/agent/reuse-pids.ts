import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { createProcesses } from "#server/adapters/process/processes.ts";

/**
 * `reuse-pids.ts <times>`, first process of a PID namespace of its own: ends a session's agent, makes a
 * stranger take its process id, and stops the session as a later life of ours. Prints what became of it.
 */
const wanted = Number(process.argv[2]);
const folder = await mkdtemp(join(tmpdir(), "amplify-reuse-"));
const told = { reuses: 0, signalled: 0, mistaken: 0 };

while (told.reuses < wanted) {
  const marker = `session-reuse-${told.reuses}/1`;
  const file = (name: string) => join(folder, name);
  const identity = await createProcesses().spawn({
    file: "/bin/sleep",
    args: ["1000"],
    env: { PATH: "/usr/bin:/bin" },
    cwd: folder,
    marker,
    stdoutFile: file("out"),
    stderrFile: file("err"),
    stdinFile: null,
    exitFile: file("exit"),
  });
  // A process that lives shorter than one tick of the system's clock cannot be told from the next.
  await pause(20);
  process.kill(-identity.pid, "SIGKILL");
  // Its id is free when it has been reaped.
  while (existsSync(`/proc/${identity.pid}`)) await pause(1);
  const stranger = await takePid(
    identity.pid,
    told.reuses % 2 === 0 ? {} : { AMPLIFY_SESSION: "session-other/1" },
  );
  if (!stranger) continue;
  told.reuses += 1;
  const later = createProcesses();
  if (await later.isAlive(identity)) told.mistaken += 1;
  await later.endTree(identity, marker, { graceMs: told.reuses % 3 === 0 ? 20 : 0 });
  if (stranger.exitCode !== null || stranger.signalCode !== null) told.signalled += 1;
  const ended = once(stranger, "exit");
  stranger.kill("SIGKILL");
  await ended;
}
await rm(folder, { recursive: true, force: true });
console.log(JSON.stringify(told));

/** A process of a stranger with exactly this id, leader of a group as an agent is; null where another took it. */
async function takePid(pid: number, env: Record<string, string>): Promise<ChildProcess | null> {
  for (let attempt = 0; attempt < 50; attempt++) {
    writeFileSync("/proc/sys/kernel/ns_last_pid", String(pid - 1));
    const child = spawn("/bin/sleep", ["1000"], { env, detached: true, stdio: "ignore" });
    if (child.pid === pid) return child;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }
  return null;
}
