import { once } from "node:events";
import { execa } from "execa";
import type { Processes, RunShell, ShellRun } from "#server/ports.ts";
import { confined } from "./confine.ts";
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
    const plain = { file: "/bin/sh", args: ["-c", order.command] };
    const { file, args } = order.confinement
      ? confined(plain, order.confinement, order.env["PATH"] ?? "")
      : plain;
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
