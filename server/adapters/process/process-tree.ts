import type { ProcessIdentity } from "#lib/domain/run-state.ts";
import type { ProcessRow, ProcessTable } from "./process-table.ts";

/** A step's processes: those that are proven ours, wherever they have gone. */
export function createTree(order: {
  readonly table: ProcessTable;
  readonly identity: ProcessIdentity | null;
  readonly marker: string;
}) {
  const { table, marker } = order;
  const leader = order.identity?.bootId === table.bootId() ? order.identity : null;
  /** Proven ours once; the start time keeps the proof. */
  const known = new Map<number, string>();

  /** It began before the first of ours did; a look at its environment can be spared. */
  const isOlder = (row: ProcessRow) => leader !== null && Number(row.startTicks) < Number(leader.startTicks);

  const lives = (row: ProcessRow | null) =>
    row !== null && !row.over && known.get(row.pid) === row.startTicks;
  const survivors = () => [...known.keys()].filter((pid) => lives(table.read(pid)));
  /** By its group or session while the leader lives, by a living parent that is ours, or by the marker. */
  const isOurs = (row: ProcessRow, leaderLives: boolean) =>
    (leaderLives && leader !== null && (row.group === leader.pid || row.session === leader.pid)) ||
    (known.has(row.parent) && lives(table.read(row.parent))) ||
    table.marker(row.pid) === marker;
  return {
    /** The living ones by now, by their ids. */
    scan: (): number[] => {
      const leaderLives = leader !== null && table.read(leader.pid)?.startTicks === leader.startTicks;
      for (let isMore = true; isMore;) {
        isMore = false;
        for (const pid of table.pids()) {
          if (pid === process.pid || pid === 1) continue;
          const row = table.read(pid);
          if (!row || row.over || lives(row) || isOlder(row) || !isOurs(row, leaderLives)) continue;
          known.set(pid, row.startTicks);
          // Its children may stand before it in the table.
          isMore = true;
        }
      }
      return survivors();
    },

    /** Sends the signals to those that still are who they were; answers who that was. */
    signal: (pids: readonly number[], ...names: NodeJS.Signals[]): string[] =>
      pids.flatMap((pid) => {
        const row = table.read(pid);
        if (!row || !lives(row)) return [];
        for (const name of names) send(pid, name);
        return [`${String(pid)}:${row.startTicks}`];
      }),
  };
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
