import { pausesAccount } from "#lib/domain/retry.ts";
import { freeSlots } from "#lib/domain/scheduling.ts";
import type { Handler } from "../sessions/command.ts";
import { coalesce } from "../sessions/coalesce.ts";
import type { Room } from "../sessions/room.ts";
import { retrier } from "../sessions/session-row.ts";
import { waitingOf } from "./pauses.ts";
import { isOnItsWay, isWaiting, setGoing } from "./set-going.ts";

export interface Retries {
  /** Resumes what is due and sets the clock for the next; calls join. */
  readonly pump: () => Promise<void>;
  readonly resumeQueue: Handler<"queue:resume">;
  stop(): void;
}

/** Node's timers hold no more. */
const longestTimerMs = 2 ** 31 - 1;

/** Sets failed sessions going again when their time has come, within the limit of sessions at work. */
export function createRetries(
  room: Pick<Room, "store" | "ledger" | "clock"> & {
    readonly limit: number;
    mayStart(): boolean;
    background(work: Promise<unknown>): void;
  },
): Retries {
  const { store, ledger, clock } = room;
  let cancel = () => {};
  let stopped = false;
  const isStopped = () => stopped;

  async function pump() {
    cancel();
    if (isStopped() || !room.mayStart()) return;
    const open = await store.open(null);
    const waiting = open.filter(isWaiting).map(({ id, view }) => ({ id, when: view.retry?.at ?? null }));
    const now = clock.now().toISOString();
    const working = open.map(({ state }) => state);
    let slots = freeSlots(working, room.limit) - open.filter(isOnItsWay).length;
    for (const { id, when } of waiting) {
      if (when === null || when > now || slots <= 0) continue;
      slots -= 1;
      await ledger.write(async (at) => ({
        change: await setGoing(store, id, retrier, at),
        result: undefined,
      }));
    }
    const [next] = waiting.flatMap(({ when }) => (when !== null && when > now ? [when] : [])).sort();
    if (next === undefined || isStopped()) return;
    const ms = Math.min(Date.parse(next) - clock.now().getTime(), longestTimerMs);
    cancel = clock.after(ms, () => room.background(again()));
  }

  const again = coalesce(pump);
  return {
    pump: again,
    async resumeQueue({ account }, { actor, settle }) {
      return settle(async (at) => {
        const chosen = waitingOf(await store.open(null)).filter(
          (each) => pausesAccount(each.failure.reason) && (account === null || each.account === account),
        );
        const changes = await Promise.all(chosen.map(({ row }) => setGoing(store, row.id, actor.name, at)));
        const text =
          chosen.length === 0 ? "had nothing to resume." : `resumed ${chosen.length} sessions of the queue.`;
        return {
          change: {
            sessions: changes.flatMap(({ sessions = [] }) => sessions),
            effects: changes.flatMap(({ effects = [] }) => effects),
            facts: changes.flatMap(({ facts = [] }) => facts),
            audit: [
              {
                actor: actor.name,
                action: "queue:resume",
                target: account ?? "all",
                outcome: "done",
                detail: text,
              },
            ],
          },
          answer: { resumed: chosen.map(({ row }) => row.id) },
        };
      });
    },
    stop() {
      stopped = true;
      cancel();
    },
  };
}
