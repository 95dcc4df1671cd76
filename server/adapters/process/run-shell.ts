import { once } from "node:events";
import { execa } from "execa";
import type { Processes, RunShell, ShellOrder, ShellRun } from "#server/ports.ts";
import { confined } from "./confine.ts";
import { ProgramNotFoundError } from "./find-program.ts";
import { limitGroup } from "./limit-group.ts";
import { markerVariable } from "./process-table.ts";

const tailLimit = 16 << 10;

/** Whatever the command started ends with it: first its group, then all that carry its marker. */
export function createRunShell(processes: Pick<Processes, "endTree">): RunShell {
  return async (order) => {
    const started = performance.now();
    const since = () => performance.now() - started;
    if (order.signal?.aborted) {
      return { end: "cancelled", exit: null, signal: null, durationMs: since(), tail: "" };
    }
    const command = commandOf(order);
    if (command instanceof ProgramNotFoundError)
      return { end: "not-started", exit: null, signal: null, durationMs: since(), tail: command.message };
    const { file, args } = command;
    const child = execa(file, args, {
      cwd: order.cwd,
      env: { ...order.env, [markerVariable]: order.marker },
      extendEnv: false,
      detached: true,
      reject: false,
      buffer: false,
      stdin: "ignore",
      all: true,
    });
    let tail = "";
    child.all.setEncoding("utf8").on("data", (text: string) => {
      tail = (tail + text).slice(-tailLimit);
      order.onOutput?.(text);
    });
    const limits = limitGroup(child, order);
    const exited = child.pid === undefined ? null : once(child, "exit");
    await exited;
    await processes.endTree(null, order.marker, { graceMs: 0 });
    const result = await child;
    const reason = limits.done();
    const end: ShellRun["end"] = child.pid === undefined ? "not-started" : (reason ?? "exited");
    return {
      end,
      exit: result.exitCode ?? null,
      signal: result.signal ?? null,
      durationMs: since(),
      tail: end === "not-started" ? (result.originalMessage ?? "") : tail,
    };
  };
}

/** What is to be confined and cannot be is not run at all. */
function commandOf({ command, confinement, env }: ShellOrder) {
  const plain = { file: "/bin/sh", args: ["-c", command] };
  if (!confinement) return plain;
  try {
    return confined(plain, confinement, env["PATH"] ?? "");
  } catch (error) {
    if (error instanceof ProgramNotFoundError) return error;
    throw error;
  }
}
