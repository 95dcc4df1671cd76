import type { ChildProcess } from "node:child_process";

const termGraceMs = 2_000;
/** What is in the pipes of a leader that has ended arrives within this; a stray daemon would hold them for ever. */
const drainMs = 500;

type Leader = Pick<ChildProcess, "pid" | "once" | "stdout" | "stderr">;

/**
 * Ends the whole group that `child` leads when its time is up or its order is cancelled: SIGTERM, then
 * SIGKILL. Its rest ends with the leader in any case. `done` says what ended it, null for its own end.
 */
export function limitGroup(
  child: Leader,
  limits: { timeLimitMs: number; signal?: AbortSignal },
): { done(): "time-limit" | "cancelled" | null } {
  let reason: "time-limit" | "cancelled" | null = null;
  let force: NodeJS.Timeout | undefined;
  const end = (why: "time-limit" | "cancelled") => {
    if (reason !== null) return;
    reason = why;
    signalGroup(child, "SIGTERM");
    force = setTimeout(() => signalGroup(child, "SIGKILL"), termGraceMs);
  };
  const cancel = () => end("cancelled");
  const limit = setTimeout(() => end("time-limit"), limits.timeLimitMs);
  limits.signal?.addEventListener("abort", cancel, { once: true });
  const stop = () => {
    clearTimeout(limit);
    clearTimeout(force);
    limits.signal?.removeEventListener("abort", cancel);
  };
  // At this moment the leader was reaped just now: the number cannot be anybody else's group yet.
  child.once("exit", () => {
    stop();
    signalGroup(child, "SIGKILL");
    const cut = setTimeout(() => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    }, drainMs);
    child.once("close", () => clearTimeout(cut));
  });
  return {
    done() {
      stop();
      return reason;
    },
  };
}

function signalGroup({ pid }: Leader, signal: NodeJS.Signals) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}
