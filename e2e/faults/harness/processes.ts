import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** Looked up in `/proc` by the driver itself, not with the code that it examines. */
function read(pid: number, file: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch {
    return null;
  }
}

function isOver(pid: number): boolean {
  const stat = read(pid, "stat");
  return stat === null || /^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
}

/** A process with this id runs that program and has not ended. */
export function lives(pid: number, program: string): boolean {
  return !isOver(pid) && (read(pid, "cmdline") ?? "").includes(program);
}

/** Ids of all living processes that run that program with this argument. */
export function processesRunning(program: string, argument: string): number[] {
  return allProcesses().filter(
    (pid) => lives(pid, program) && (read(pid, "cmdline") ?? "").split("\0").includes(argument),
  );
}

/** Ids of all living processes with `AMPLIFY_SESSION=<session>/…`, of any of these sessions. */
export function processesOf(sessions: readonly string[]): number[] {
  const wanted = new Set(sessions);
  return allProcesses().filter((pid) => {
    const session = /(?:^|\0)AMPLIFY_SESSION=([^\0/]*)\//.exec(read(pid, "environ") ?? "")?.[1];
    return session !== undefined && wanted.has(session) && !isOver(pid);
  });
}

function allProcesses(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^[1-9]\d*$/.test(name))
    .map(Number);
}

/** Whether the process lives and carries exactly this marker. */
export function carries(pid: number, marker: string): boolean {
  return !isOver(pid) && (read(pid, "environ") ?? "").split("\0").includes(`AMPLIFY_SESSION=${marker}`);
}

/** Somebody else's process that looks much like one of a session's, and that nobody may signal. */
export interface Bystander extends Disposable {
  readonly isUntouched: boolean;
}

export function createBystander(marker: string): Bystander {
  const child = spawn("sleep", ["100000"], {
    env: { PATH: "/usr/bin:/bin", AMPLIFY_SESSION: marker },
    stdio: "ignore",
  });
  return {
    get isUntouched() {
      const { pid } = child;
      return pid !== undefined && child.exitCode === null && child.signalCode === null && !isStopped(pid);
    },
    [Symbol.dispose]: () => void child.kill("SIGKILL"),
  };
}

function isStopped(pid: number): boolean {
  const stat = read(pid, "stat") ?? "";
  return /^[TtZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
}
