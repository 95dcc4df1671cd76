import { execFileSync } from "node:child_process";
import { markerVariable, type ProcessTable } from "./process-table.ts";

/**
 * Where there is no `/proc` (macOS), as well as `ps` can tell: start times have whole seconds, and the
 * environment of a process is shown behind its arguments, for our own processes only.
 */
export function createPsTable(): ProcessTable {
  const env: Record<string, string> = { PATH: process.env["PATH"] ?? "", LC_ALL: "C", TZ: "UTC0" };
  const ps = (...args: string[]) => {
    try {
      return execFileSync("ps", args, {
        encoding: "utf8",
        env: env,
        stdio: ["ignore", "pipe", "ignore"],
        maxBuffer: 64 << 20,
      });
    } catch {
      return "";
    }
  };
  return {
    bootId: () => ps("-o", "lstart=", "-p", "1").trim(),
    pids: () => ps("-A", "-o", "pid=").split("\n").map(Number).filter(Boolean),
    read(pid) {
      const row = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(
        ps("-o", "pgid=,ppid=,stat=,lstart=", "-p", String(pid)),
      );
      const [, group, parent, state, startTicks] = row ?? [];
      if (state === undefined || startTicks === undefined) return null;
      return {
        pid,
        startTicks,
        group: Number(group),
        parent: Number(parent),
        session: 0,
        over: state.startsWith("Z"),
        stopped: state.startsWith("T"),
      };
    },
    marker(pid) {
      const shown = ps("eww", "-o", "command=", "-p", String(pid));
      return new RegExp(`(?:^|\\s)${markerVariable}=(\\S+)`).exec(shown)?.[1] ?? null;
    },
  };
}
