import { setTimeout as wait } from "node:timers/promises";
import type { ProcessIdentity } from "#lib/domain/run-state.ts";
import type { ProcessRow, ProcessTable } from "./process-table.ts";

/** A tree that did not go although every process of it was sent SIGKILL: stuck in the kernel, or forking without end. */
export class TreeSurvivedError extends Error {
  override readonly name = "TreeSurvivedError";
  readonly pids: readonly number[];

  constructor(pids: readonly number[]) {
    super(`Processes could not be ended: ${pids.join(", ")}.`);
    this.pids = pids;
  }
}

const killLimitMs = 10_000;
/** Long enough for a process between `fork` and `exec` to be seen by the second scan. */
const betweenScansMs = 15;

export async function endTree(order: {
  table: ProcessTable;
  identity: ProcessIdentity | null;
  marker: string;
  graceMs: number;
}): Promise<number> {
  const { table, marker } = order;
  const leader = order.identity?.bootId === table.bootId() ? order.identity : null;
  /** Proven ours once; the start time keeps the proof. */
  const known = new Map<number, string>();
  const ended = new Set<string>();

  const lives = (row: ProcessRow | null) =>
    row !== null && !row.over && known.get(row.pid) === row.startTicks;
  const survivors = () => [...known.keys()].filter((pid) => lives(table.read(pid)));
  /** By its group or session while the leader lives, by a living parent that is ours, or by the marker. */
  const isOurs = (row: ProcessRow, leaderLives: boolean) =>
    (leaderLives && leader !== null && (row.group === leader.pid || row.session === leader.pid)) ||
    (known.has(row.parent) && lives(table.read(row.parent))) ||
    table.marker(row.pid) === marker;
  const scan = () => {
    const leaderLives = leader !== null && table.read(leader.pid)?.startTicks === leader.startTicks;
    for (let isMore = true; isMore;) {
      isMore = false;
      for (const pid of table.pids()) {
        if (pid === process.pid || pid === 1) continue;
        const row = table.read(pid);
        if (!row || row.over || lives(row) || !isOurs(row, leaderLives)) continue;
        known.set(pid, row.startTicks);
        // Its children may stand before it in the table.
        isMore = true;
      }
    }
    return survivors();
  };
  const signal = (pids: readonly number[], ...names: NodeJS.Signals[]) => {
    for (const pid of pids) {
      const row = table.read(pid);
      if (!row || !lives(row)) continue;
      ended.add(`${pid}:${row.startTicks}`);
      for (const name of names) send(pid, name);
    }
  };

  let found = scan();
  // A stopped process takes SIGTERM only once it goes on.
  signal(found, "SIGTERM", "SIGCONT");
  const graceEnds = performance.now() + order.graceMs;
  while (found.length > 0 && performance.now() < graceEnds) {
    await wait(Math.min(50, order.graceMs));
    // What is started in answer to the signal is only known while its parent lives.
    found = scan();
  }

  const killEnds = performance.now() + killLimitMs;
  for (let empty = 0; empty < 2;) {
    found = scan();
    empty = found.length === 0 ? empty + 1 : 0;
    if (found.length > 0 && performance.now() > killEnds) throw new TreeSurvivedError(found);
    signal(found, "SIGKILL");
    if (empty < 2) await wait(betweenScansMs);
  }
  return ended.size;
}

/** The process may have gone since we looked, or have become somebody else's to end. */
function send(pid: number, signal: NodeJS.Signals) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}
