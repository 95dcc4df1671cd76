import { setTimeout as wait } from "node:timers/promises";
import type { ProcessIdentity } from "#lib/domain/run-state.ts";
import { createTree } from "./process-tree.ts";
import type { ProcessTable } from "./process-table.ts";

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
  const { scan, signal } = createTree(order);
  const ended = new Set<string>();
  const note = (signalled: readonly string[]) => {
    for (const each of signalled) ended.add(each);
  };

  let found = scan();
  // A stopped process takes SIGTERM only once it goes on.
  note(signal(found, "SIGTERM", "SIGCONT"));
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
    note(signal(found, "SIGKILL"));
    if (empty < 2) await wait(betweenScansMs);
  }
  return ended.size;
}
