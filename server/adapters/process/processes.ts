import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { constants } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import type { ProcessIdentity } from "#lib/domain/run-state.ts";
import type { ProcessEnd, Processes } from "#server/ports.ts";
import { endTree } from "./end-tree.ts";
import { createProcTable, type ProcessRow, type ProcessTable } from "./process-table.ts";
import { createTree } from "./process-tree.ts";
import { createPsTable } from "./ps-table.ts";
import { spawnDetached } from "./spawn-detached.ts";

const defaultGraceMs = 5_000;
/** Only for processes that an earlier life of ours started; our own children tell by themselves. */
const adoptedPollMs = 150;
const suspendedMs = 500;

/** `procRoot` and `bootIdFile` point elsewhere in tests. */
export function createProcesses(options: { procRoot?: string; bootIdFile?: string } = {}): Processes {
  const table = existsSync(options.procRoot ?? "/proc/self/stat")
    ? createProcTable(options.procRoot, options.bootIdFile)
    : createPsTable();
  const children = new Map<number, { identity: ProcessIdentity; child: ChildProcess }>();

  const isAlive = (identity: ProcessIdentity) =>
    identity.bootId === table.bootId() && isSame(table.read(identity.pid), identity);

  /** Groups with a suspended process. One look at the table serves all who ask at the same beat. */
  let suspended: { readonly at: number; readonly groups: ReadonlySet<number> } | null = null;
  const suspendedGroups = () => {
    if (suspended === null || performance.now() - suspended.at > suspendedMs) {
      const rows = table.pids().map((pid) => table.read(pid));
      const groups = rows.flatMap((row) => (row?.stopped ? [row.group] : []));
      suspended = { at: performance.now(), groups: new Set(groups) };
    }
    return suspended.groups;
  };

  return {
    async spawn(order) {
      const child = await spawnDetached(order);
      const identity = identify(table, child);
      children.set(identity.pid, { identity, child });
      child.once("exit", () => children.delete(identity.pid));
      return identity;
    },

    isAlive: (identity) => Promise.resolve(isAlive(identity)),

    isStopped: (identity) => Promise.resolve(isAlive(identity) && suspendedGroups().has(identity.pid)),

    endTree: (identity, marker, { graceMs = defaultGraceMs } = {}) =>
      endTree({ table, identity, marker, graceMs }),

    suspend(identity, marker, isSuspended) {
      const tree = createTree({ table, identity, marker });
      // A second look finds what was begun during the first.
      for (const _look of [1, 2]) tree.signal(tree.scan(), isSuspended ? "SIGSTOP" : "SIGCONT");
      return Promise.resolve();
    },

    marked(marker) {
      const bootId = table.bootId();
      const rows = table
        .pids()
        .filter((pid) => pid !== process.pid && table.marker(pid) === marker)
        .map((pid) => table.read(pid))
        .filter((row): row is ProcessRow => row !== null && !row.over);
      return Promise.resolve(rows.map(({ pid, startTicks }) => ({ pid, startTicks, bootId })));
    },

    async gone(identity, signal) {
      const own = children.get(identity.pid);
      if (own && isAlive(identity)) {
        // A child of ours keeps nobody awake, except while somebody waits for it.
        own.child.ref();
        await once(own.child, "exit", { signal }).finally(() => own.child.unref());
        return;
      }
      while (isAlive(identity)) await wait(adoptedPollMs, undefined, { signal });
    },

    async readEnd(exitFile) {
      const text = await readFile(exitFile, "latin1").catch(() => "");
      return /^\d{1,3}\n$/.test(text) ? endOf(Number(text)) : null;
    },
  };
}

function isSame(row: ProcessRow | null, identity: ProcessIdentity) {
  return row?.over === false && row.startTicks === identity.startTicks;
}

/** A child that we have not reaped yet keeps its pid, even when it has already ended. */
function identify(table: ProcessTable, child: ChildProcess): ProcessIdentity {
  const pid = child.pid ?? 0;
  return { pid, startTicks: table.read(pid)?.startTicks ?? "0", bootId: table.bootId() };
}

const signals = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

/** A shell reports a death by signal `n` as 128 + n. */
function endOf(code: number): ProcessEnd {
  const signal = code > 128 ? signals.get(code - 128) : undefined;
  return signal === undefined ? { exit: code, signal: null } : { exit: null, signal };
}
