import { pausesAccount } from "#lib/domain/retry.ts";
import type { SessionId } from "#lib/domain/ids.ts";
import { freeSlots } from "#lib/domain/scheduling.ts";
import type { Handler } from "../sessions/command.ts";
import { coalesce } from "../sessions/coalesce.ts";
import type { Change, NewFact } from "../sessions/ports.ts";
import type { Room } from "../sessions/room.ts";
import { retrier, withMessage } from "../sessions/session-row.ts";
import { waitingOf } from "./pauses.ts";

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
    const waiting = waitingOf(open);
    const now = clock.now().toISOString();
    let slots = freeSlots(
      open.map(({ state }) => state),
      room.limit,
    );
    for (const { row, retry } of waiting) {
      if (retry.at === null || retry.at > now || slots === 0) continue;
      slots -= 1;
      await ledger.write(async (at) => ({ change: await resumed(row.id, retrier, at), result: undefined }));
    }
    const [next] = waiting
      .flatMap(({ retry }) => (retry.at !== null && retry.at > now ? [retry.at] : []))
      .sort();
    if (next === undefined || isStopped()) return;
    const ms = Math.min(Date.parse(next) - clock.now().getTime(), longestTimerMs);
    cancel = clock.after(ms, () => room.background(again()));
  }

  /** What was committed since may have changed everything, so it is looked at as it is now. */
  async function resumed(id: SessionId, by: string, at: string): Promise<Change> {
    const row = await store.session(id);
    const retry = row?.view.retry;
    if (!row?.open || row.state.status !== "failed" || !retry?.waits) return {};
    // Until the runner's word comes in it must not be resumed once more.
    const told = { ...row, view: { ...row.view, retry: { ...retry, waits: false } } };
    const { row: next, effect } = withMessage(told, { kind: "resume", note: "", fresh: false }, { by, at });
    const fact: NewFact = {
      name: "session:moved",
      repository: row.repository,
      session: id,
      actor: by,
      text: `${row.item} is tried again (attempt ${retry.attempt} of ${retry.of}).`,
      changes: { sessions: [next.view] },
    };
    return { sessions: [next], effects: [effect], facts: [fact] };
  }

  const again = coalesce(pump);
  return {
    pump: again,
    async resumeQueue({ account }, { actor, settle }) {
      return settle(async (at) => {
        const chosen = waitingOf(await store.open(null)).filter(
          (each) => pausesAccount(each.failure.reason) && (account === null || each.account === account),
        );
        const changes = await Promise.all(chosen.map(({ row }) => resumed(row.id, actor.name, at)));
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
