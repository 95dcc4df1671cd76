import { ProblemError } from "../application.ts";
import { type StorageFault, storageFaultOf } from "../files/storage-error.ts";
import type { Clock } from "../ports.ts";
import type { Ledger } from "./ledger.ts";
import type { SessionStore } from "./ports.ts";

/** Whether the data folder can be written. While it cannot, nothing new is begun and commands are refused. */
export interface StorageHealth {
  fault(): StorageFault | null;
  /** Tells of an error that some write met; true where the disk is at fault. */
  note(error: unknown): boolean;
  /** Somebody else met such an error: looks for itself. */
  suspect(): void;
  stop(): void;
}

/** How soon after the disk works again that is seen. */
const lookAgainMs = 2_000;

export function createStorageHealth(deps: {
  clock: Clock;
  /** Writes something to the data folder and syncs it; rejects as the write does. */
  probe: () => Promise<void>;
  changed: (fault: StorageFault | null) => void;
}): StorageHealth {
  const { clock, probe, changed } = deps;
  let fault: StorageFault | null = null;
  let cancel: (() => void) | null = null;
  let stopped = false;

  function set(next: StorageFault | null) {
    if (next === fault) return;
    fault = next;
    changed(fault);
  }

  async function look() {
    const found = await probe().then(
      () => null,
      (error: unknown) => storageFaultOf(error),
    );
    if (stopped) return;
    set(found);
    if (found !== null) lookLater();
  }

  function lookLater() {
    if (stopped || cancel) return;
    cancel = clock.after(lookAgainMs, () => {
      cancel = null;
      void look();
    });
  }

  return {
    fault: () => fault,
    note(error) {
      const found = storageFaultOf(error);
      if (found === null) return false;
      set(found);
      lookLater();
      return true;
    },
    suspect() {
      if (fault === null) void look();
    },
    stop() {
      stopped = true;
      cancel?.();
    },
  };
}

const faultTexts: Readonly<Record<StorageFault, string>> = {
  full: "The disk of the data folder is full: nothing can be recorded.",
  "read-only": "The data folder is read-only: nothing can be recorded.",
  failing: "The disk of the data folder fails (I/O error): nothing can be recorded.",
};

export function describeFault(fault: StorageFault, home: string): { text: string; fix: string } {
  const goesOn = "Work goes on by itself then; nothing is lost, and no restart is needed.";
  const fix =
    fault === "full"
      ? `Free some space where ${home} is: \`amplify storage prune --dry-run\` says what may go. ${goesOn}`
      : `Make ${home} writable again. ${goesOn}`;
  return { text: faultTexts[fault], fix };
}

/** Tells the disk's faults as such: what could not be written has not happened. */
async function guarded<Result>(write: Promise<Result>, health: StorageHealth, home: string): Promise<Result> {
  try {
    return await write;
  } catch (error) {
    if (!health.note(error)) throw error;
    throw unavailable(health, home) ?? error;
  }
}

export function guardLedger(ledger: Ledger, health: StorageHealth, home: string): Ledger {
  return { ...ledger, write: (decide) => guarded(ledger.write(decide), health, home) };
}

export function guardStore(store: SessionStore, health: StorageHealth, home: string): SessionStore {
  return {
    ...store,
    noteAttempt: (effect, problem) => guarded(store.noteAttempt(effect, problem), health, home),
    prune: (order) => guarded(store.prune(order), health, home),
  };
}

/** The refusal of whatever would write; null while writing works. */
export function unavailable(health: StorageHealth, home: string): ProblemError | null {
  const fault = health.fault();
  if (fault === null) return null;
  const { text, fix } = describeFault(fault, home);
  return new ProblemError("unavailable", text, fix);
}
