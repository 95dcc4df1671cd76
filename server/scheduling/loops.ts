import { randomUUID } from "node:crypto";
import { commands } from "#lib/contract/wire.ts";
import { planLoop, type Parked } from "#lib/domain/loop.ts";
import { isReplaceable } from "#lib/domain/session.ts";
import { type Actor, ProblemError } from "../application.ts";
import { whyNot } from "../team/can.ts";
import { coalesce } from "../sessions/coalesce.ts";
import type { CarryOut } from "../sessions/commander.ts";
import type { Change, LoopRow, NewFact } from "../sessions/ports.ts";
import type { Room } from "../sessions/room.ts";
import { trackerLane } from "../sessions/session-row.ts";
import { loopView } from "./loop-view.ts";
import { surveyLoop, type SurveyRoom } from "./survey-loop.ts";

/** The running loops. They move when something was decided, never by a clock. */
export interface Loops {
  /** Finds those that ran when the server ended; before anything else is decided. */
  load(): Promise<void>;
  /** Keeps up with what was decided about loops. */
  take(rows: readonly LoopRow[]): void;
  /** Lets the loops that a change may concern go on; all where none is given. */
  wake(change?: Change): Promise<void>;
  stop(): void;
}

type LoopRoom = SurveyRoom & Pick<Room, "ledger" | "clock" | "repository" | "checkBase">;

interface Running {
  row: LoopRow;
  /** Sessions begun by it; counted once, then kept up. */
  begun: number | null;
  refused: readonly Parked[];
  readonly goOn: () => Promise<void>;
}

/** After this long it tries again what tracker or git refused; nothing else would tell. */
const retryMs = 15_000;

export function createLoops(
  room: LoopRoom & {
    readonly command: CarryOut;
    /** What a person may do at the moment; null for who may not come in any more. */
    readonly standing: (person: string) => Promise<Actor | null>;
  },
): Loops {
  const { store, ledger, clock } = room;
  const running = new Map<string, Running>();
  const retries = new Map<string, () => void>();
  let stopped = false;

  function take(rows: readonly LoopRow[]) {
    for (const row of rows) {
      const known = running.get(row.id);
      if (row.status !== "running") running.delete(row.id);
      else if (known) known.row = row;
      else {
        running.set(row.id, {
          row,
          begun: null,
          refused: row.parked.filter(({ session }) => session === null),
          goOn: coalesce(() => goOn(row.id)),
        });
      }
    }
  }

  async function goOn(id: string) {
    try {
      // Each thing done may make room for the next; the last look finds nothing to do.
      while (!stopped && (await step(id)));
    } catch (error) {
      if (stopped) return;
      if (!(error instanceof ProblemError)) console.error("A loop could not go on:", error);
      retries.get(id)?.();
      retries.set(
        id,
        clock.after(retryMs, () => void running.get(id)?.goOn()),
      );
    }
  }

  /** Looks, writes down what it found, and does one round of what is to be done; false when it has to wait. */
  async function step(id: string): Promise<boolean> {
    const loop = running.get(id);
    if (!loop || !(await standFor(loop))) return false;
    loop.begun ??= await countBegun(loop.row);
    const look = async () =>
      planLoop(await surveyLoop(room, loop.row, { begun: loop.begun ?? 0, refused: loop.refused }));
    let plan = await look();
    if (plan.end !== null) {
      // Only a fresh reading can say that nothing is left: what has just landed may have unblocked more.
      await (await room.backlog(loop.row.repository)).refresh();
      plan = await look();
    }
    await write(loop.row, plan.parked, plan.end);
    if (plan.end !== null) return false;
    let isMoved = false;
    for (const item of plan.dispatch) {
      if (!running.has(id)) return false;
      isMoved = (await begin(loop, item)) || isMoved;
    }
    if (plan.land !== null && running.has(id)) isMoved = (await land(loop, plan.land)) || isMoved;
    return isMoved;
  }

  /**
   * Who the loop acts for, with no more than their right at this moment. Where they have lost the right to land it asks from
   * now on; where they may not work at all any more it ends: null.
   */
  async function standFor({ row }: Running): Promise<Actor | null> {
    const person = await room.standing(row.person);
    const why = person ? whyNot(person, commands["loop:start"]) : "They may not come in any more.";
    if (person === null || why !== null) {
      const reason = `It worked for ${row.by}. ${why ?? ""}`.trim();
      await curb(row.id, "loop:stopped", reason, (at) => ({ status: "stopped", reason, endedAt: at }));
      return null;
    }
    if (row.landing === "auto" && whyNot(person, commands["merge:start"], row.repository) !== null) {
      const text = `${row.by} may not land here any more: from now on the loop asks.`;
      await curb(row.id, "loop:advanced", text, () => ({ landing: "ask" }));
    }
    return { ...person, name: loopName(row), via: { kind: "loop", id: row.id } };
  }

  function curb(
    id: string,
    name: NewFact["name"],
    text: string,
    change: (at: string) => Partial<LoopRow>,
  ): Promise<void> {
    return ledger.write((at) => {
      const before = running.get(id)?.row;
      if (!before) return Promise.resolve({ change: {}, result: undefined });
      const row = { ...before, ...change(at) };
      const { repository } = row;
      const fact = {
        name,
        text,
        repository,
        session: null,
        actor: "server",
        changes: { loops: [loopView(row)] },
      };
      const audit = { actor: "server", action: name, target: id, outcome: "done", detail: text };
      return Promise.resolve({ change: { loops: [row], facts: [fact], audit: [audit] }, result: undefined });
    });
  }

  async function begin(loop: Running, item: Parked["item"]): Promise<boolean> {
    const { row } = loop;
    try {
      const input = { repository: row.repository, item };
      const actor = await standFor(loop);
      if (!actor) return false;
      await room.command("session:dispatch", input, { actor, key: randomUUID() });
      loop.begun = (loop.begun ?? 0) + 1;
    } catch (error) {
      if (!(error instanceof ProblemError) || error.problem.code === "unavailable") throw error;
      const title = (await room.backlog(row.repository)).current()?.items.get(item)?.title ?? item;
      loop.refused = [
        ...loop.refused.filter((each) => each.item !== item),
        { item, title, session: null, why: error.message, isFailure: true },
      ];
    }
    return true;
  }

  async function land(loop: Running, session: NonNullable<Parked["session"]>): Promise<boolean> {
    // What landed just now may have overtaken this one; its check anew comes before its landing.
    await room.checkBase(await room.repository(loop.row.repository));
    if ((await store.session(session))?.state.status !== "approved") return true;
    try {
      const actor = await standFor(loop);
      if (!actor || loop.row.landing !== "auto") return false;
      const input = { repository: loop.row.repository, session };
      const order = { actor, key: randomUUID() };
      return (await room.command("merge:start", input, order)).landings.length > 0;
    } catch (error) {
      // It has moved on between the two looks; what moved it wakes the loop.
      if (error instanceof ProblemError && error.problem.code === "conflict") return false;
      throw error;
    }
  }

  /** Writes down what is newly parked, what goes on again, and the end; nothing where nothing changed. */
  function write({ id }: LoopRow, parked: readonly Parked[], end: string | null) {
    return ledger.write(async (at) => {
      const before = running.get(id)?.row;
      const same = (list: readonly Parked[]) =>
        JSON.stringify(list.map(({ item, session, why }) => [item, session, why]).sort());
      if (!before || (end === null && same(before.parked) === same(parked)))
        return { change: {}, result: undefined };
      const row: LoopRow = {
        ...before,
        parked: [...parked],
        ...(end === null ? {} : { status: "finished" as const, reason: end, endedAt: at }),
      };
      const was = new Set(before.parked.map(({ item }) => item));
      const is = new Set(parked.map(({ item }) => item));
      const newly = parked.filter(({ item }) => !was.has(item));
      const facts = [
        ...newly.map((each) => tell("loop:advanced", `${each.item} is parked: ${each.why}`, each.session)),
        ...before.parked
          .filter(({ item }) => !is.has(item))
          .map((each) => tell("loop:advanced", `${each.item} goes on.`, each.session)),
        ...(end === null ? [] : [tell("loop:finished", end, null)]),
      ];
      const effects = [];
      for (const { session } of newly) {
        const parkedRow = session && (await store.session(session));
        // A parked item is anybody's again; one that is still approved only waits for its landing.
        if (!parkedRow || !parkedRow.open || !isReplaceable(parkedRow.state.status)) continue;
        const intent = { kind: "release" } as const;
        effects.push({ key: `${session}/release/${at}`, lane: trackerLane(parkedRow), session, intent });
      }
      return { change: { loops: [row], facts, effects }, result: undefined };

      function tell(name: NewFact["name"], text: string, session: NewFact["session"]): NewFact {
        const { repository } = row;
        return {
          name,
          text,
          session,
          repository,
          actor: loopName(row),
          changes: { loops: [loopView(row)] },
        };
      }
    });
  }

  async function countBegun(row: LoopRow): Promise<number> {
    const name = loopName(row);
    let count = 0;
    for (let before: string | null = null; ;) {
      const page = await store.sessions({ repository: row.repository, before, limit: 500 });
      count += page.filter(({ view }) => view.createdBy === name && view.createdAt >= row.startedAt).length;
      const last = page.at(-1);
      if (!last || page.length < 500 || last.view.createdAt < row.startedAt) return count;
      before = `${last.view.createdAt}/${last.id}`;
    }
  }

  return {
    async load() {
      take(await store.loops({ status: "running", limit: 1000 }));
    },
    take,
    async wake(change) {
      // What happens in the team may concern every loop.
      const concerned = change && !change.team ? repositoriesOf(change) : null;
      const affected = [...running.values()].filter(({ row }) => concerned?.has(row.repository) ?? true);
      await Promise.all(affected.map(({ goOn }) => goOn()));
    },
    stop() {
      stopped = true;
      for (const cancel of retries.values()) cancel();
    },
  };
}

/** What a loop does is told as its own doing, in the name of who started it. */
function loopName({ by }: LoopRow): string {
  return `${by} (loop)`;
}

function repositoriesOf({ sessions = [], loops = [], facts = [] }: Change): Set<string> {
  const all = [...sessions, ...loops, ...facts].map(({ repository }) => repository);
  return new Set(all.filter((each) => each !== null));
}
