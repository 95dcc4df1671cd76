import type { RepositoryId, SessionId } from "#lib/domain/ids.ts";
import { blockersOf, describeUnready } from "#lib/domain/item.ts";
import { freeSlots } from "#lib/domain/scheduling.ts";
import { accountOf, pausesNow } from "./pauses.ts";
import { coalesce } from "../sessions/coalesce.ts";
import { composeSpec } from "../sessions/compose-spec.ts";
import { givenUp } from "../sessions/intake.ts";
import type { RepositoryRow, SessionRow } from "../sessions/ports.ts";
import { rolePrompt } from "../sessions/role-prompt.ts";
import type { Room } from "../sessions/room.ts";
import { moved, workLane } from "../sessions/session-row.ts";

export interface Scheduler {
  /** Starts queued sessions while slots are free; calls join. Resolves when there is nothing left to start. */
  readonly pump: () => Promise<void>;
}

type SchedulerRoom = Pick<Room, "store" | "ledger" | "git" | "backlog" | "repository" | "readSettings">;

/** What came in the way while the session was queued. */
class NotReadyError extends Error {
  override readonly name = "NotReadyError";
}

/** Starts what is queued, oldest first, whenever something has changed: nothing here waits on a clock. */
export function createScheduler(
  room: SchedulerRoom & Pick<Room, "clock"> & { readonly limit: number; mayStart(): boolean },
): Scheduler {
  const { store, ledger } = room;
  /** Looked up and not decided yet: each holds a slot already. */
  const starting = new Map<SessionId, Promise<unknown>>();
  const troubles: unknown[] = [];

  async function startAll() {
    if (!room.mayStart()) return;
    const open = await store.open(null);
    const paused = new Set(pausesNow(open, room.clock.now()).map(({ account }) => account));
    const waiting = open.filter(({ state, spec }) => state.status === "queued" && !spec);
    const isStarting = ({ id }: SessionRow) => starting.has(id);
    const free = new Map<RepositoryId, number>();
    let slots = freeSlots(statesOf(open), room.limit) - waiting.filter(isStarting).length;
    for (const row of waiting.filter((each) => !isStarting(each))) {
      const own =
        free.get(row.repository) ??
        (await freeIn(row.repository, open)) -
          waiting.filter((each) => each.repository === row.repository && isStarting(each)).length;
      if (slots <= 0) break;
      free.set(row.repository, own);
      if (own <= 0 || (paused.size > 0 && paused.has(await accountFor(row)))) continue;
      free.set(row.repository, own - 1);
      slots -= 1;
      const started = start(row)
        .catch((error: unknown) => void troubles.push(error))
        .finally(() => starting.delete(row.id));
      starting.set(row.id, started);
    }
  }

  /** What a repository's own limit leaves free. */
  async function freeIn(id: RepositoryId, open: readonly SessionRow[]): Promise<number> {
    const { root } = await room.repository(id);
    const { sessions, block } = await room.readSettings(root);
    if (block !== null) return 0;
    return freeSlots(statesOf(open.filter(({ repository }) => repository === id)), sessions);
  }

  async function accountFor({ repository, view }: SessionRow): Promise<string> {
    const { root } = await room.repository(repository);
    const { env } = await room.readSettings(root);
    return accountOf({ cli: view.agent.cli, repository, env });
  }

  async function start(row: SessionRow) {
    const repository = await room.repository(row.repository);
    const prepared = await prepare(row, repository).catch((error: unknown) => ({
      reason: error instanceof NotReadyError ? ("not-ready" as const) : ("bad-spec" as const),
      problem: error instanceof Error ? error.message : String(error),
    }));
    await ledger.write(async (at) => {
      const current = await store.session(row.id);
      if (current?.state.status !== "queued" || current.spec) return { change: {}, result: undefined };
      const next =
        "problem" in prepared
          ? moved(
              current,
              { kind: "run-failed", failure: { reason: prepared.reason, detail: prepared.problem } },
              at,
            )
          : moved(current, { kind: "run-moved", status: "preparing" }, at);
      if (!next) return { change: {}, result: undefined };
      const started =
        "problem" in prepared ? next : { ...next, spec: composeSpec({ ...prepared, row, repository, at }) };
      return {
        result: undefined,
        change: {
          sessions: [started],
          effects: started.spec
            ? [{ key: `${row.id}/spec`, lane: workLane(row), session: row.id, intent: { kind: "spec" } }]
            : givenUp(started),
          facts: [
            {
              name: "problem" in prepared ? "session:failed" : "session:moved",
              repository: row.repository,
              session: row.id,
              actor: "server",
              text:
                "problem" in prepared
                  ? `${row.item} cannot start: ${prepared.problem}`
                  : `${row.item} starts.`,
              changes: { sessions: [started.view] },
            },
          ],
        },
      };
    });
  }

  /** What the specification is made of, looked up before the decision. */
  async function prepare(row: SessionRow, repository: RepositoryRow) {
    const backlog = await room.backlog(repository.id);
    const item = (await backlog.get()).items.get(row.item) ?? (await backlog.source.show(row.item));
    if (!item) throw new Error(`There is no item ${row.item} any more.`);
    // While it was queued; whether somebody else has taken it, the claim says.
    const by = blockersOf(item, (await backlog.get()).items);
    if (item.status === "closed" || by.length > 0) {
      const why = describeUnready(item.status === "closed" ? { kind: "closed" } : { kind: "blocked", by });
      throw new NotReadyError(`${row.item} is ${why}.`);
    }
    const [base, identity, settings] = await Promise.all([
      room.git.resolve(repository.root, `refs/heads/${repository.base}`),
      room.git.identity(repository.root),
      room.readSettings(repository.root),
    ]);
    if (!base) throw new Error(`There is no branch ${repository.base}.`);
    rolePrompt(settings.roles, row.view.agent.type);
    return { item, base, identity, settings };
  }

  const startMore = coalesce(startAll);
  return {
    // One that is slow to be looked up keeps no other waiting.
    async pump() {
      await startMore();
      await Promise.all(starting.values());
      const [trouble] = troubles.splice(0);
      if (trouble !== undefined) throw new Error("A session could not be started.", { cause: trouble });
    },
  };
}

const statesOf = (rows: readonly SessionRow[]) => rows.map(({ state }) => state);
