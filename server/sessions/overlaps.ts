import type { SessionOverlapView } from "#lib/contract/wire.ts";
import type { AgentEvent } from "#lib/domain/agent-events.ts";
import type { RepositoryId, SessionId } from "#lib/domain/ids.ts";
import { oneLine } from "#lib/domain/merge.ts";
import { meetingsOf } from "#lib/domain/overlap.ts";
import { activeOf } from "#lib/domain/run-state.ts";
import type { SessionStatus } from "#lib/domain/session.ts";
import type { Clock, Git } from "../ports.ts";
import { createEditBell } from "./edit-bell.ts";
import { readFootprint } from "./footprint.ts";
import type { Intake } from "./intake.ts";
import type { Ledger } from "./ledger.ts";
import type { RepositoryRow, SessionRow } from "./ports.ts";
import { logPath } from "./session-files.ts";

/** Which files the sessions that have not landed touch, and who meets whom. Kept in memory: git knows it. */
export interface Overlaps {
  /** Takes in how sessions stand now, and looks at the worktrees of those that live. */
  take(rows: readonly SessionRow[]): void;
  /** The session's agent has written something. */
  stirred(session: SessionId): void;
  /** Of the sessions that meet others. */
  of(repository: RepositoryId | null): SessionOverlapView[];
  meetingsOf(session: SessionId): SessionOverlapView["meetings"];
  stop(): void;
}

/** What an agent wrote is looked through at most this often, and its worktree at most every `restMs`. */
const listenMs = 1_000;
const restMs = 3_000;
/** A worktree rests so many times as long as git took to look at it: the watch takes no more than a twentieth of a core. */
const restPerLook = 20;

interface Place {
  row: SessionRow;
  files: readonly string[];
  /** What the files were last read for, so that commits are compared once. */
  readonly committed: { key: string; paths: readonly string[] };
  isWanted: boolean;
  /** A look is queued or under way. */
  isBusy: boolean;
  restsUntil: number;
  takeBack: (() => void) | null;
  stopListening: (() => void) | null;
}

export function createOverlaps(deps: {
  git: Pick<Git, "workState" | "changes">;
  clock: Clock;
  ledger: Ledger;
  intake: Pick<Intake, "runOf">;
  parseLine: (line: string) => readonly AgentEvent[];
  repository(id: RepositoryId): Promise<RepositoryRow>;
  readonly background: (work: Promise<unknown>) => void;
}): Overlaps {
  const { git, clock, ledger, background } = deps;
  const places = new Map<SessionId, Place>();
  const told = new Map<SessionId, SessionOverlapView>();
  const bell = createEditBell(deps.parseLine);
  /** One git at a time: nobody waits for this. */
  let last: Promise<void> = Promise.resolve();
  let isStopped = false;

  function wantLook(place: Place) {
    place.isWanted = true;
    if (place.isBusy || place.takeBack || isStopped) return;
    const waitMs = place.restsUntil - clock.now().getTime();
    if (waitMs > 0) {
      place.takeBack = clock.after(waitMs, () => {
        place.takeBack = null;
        wantLook(place);
      });
      return;
    }
    place.isBusy = true;
    const turn = last.then(() => look(place)).finally(() => letRest(place));
    background(turn);
    last = turn.catch(() => undefined);
  }

  async function look(place: Place) {
    if (isStopped) return;
    place.isWanted = false;
    const startedAt = performance.now();
    const { root } = await deps.repository(place.row.repository);
    const files = await readFootprint(git, root, place.row, place.committed);
    const tookMs = performance.now() - startedAt;
    place.restsUntil = clock.now().getTime() + Math.max(restMs, Math.round(tookMs * restPerLook));
    if (places.get(place.row.id) === place && !isSame(files, place.files)) {
      place.files = files;
      await tell(place.row.repository);
    }
  }

  /** What moved while git looked is looked at once more, after a rest. */
  function letRest(place: Place) {
    place.isBusy = false;
    if (place.isWanted) wantLook(place);
  }

  async function listen(place: Place) {
    const { row } = place;
    const step = activeOf((await deps.intake.runOf(row)).state)?.step ?? null;
    if (!step) return;
    const stream = logPath(row.view.directory, { stream: "stream", step: step.number });
    if (await bell.hears(row.id, stream)) wantLook(place);
  }

  function current(repository: RepositoryId | null): Map<SessionId, SessionOverlapView> {
    const meant = [...places.values()].filter(
      ({ row }) => repository === null || row.repository === repository,
    );
    const views = new Map<SessionId, SessionOverlapView>();
    for (const id of new Set(meant.map(({ row }) => row.repository))) {
      const footprints = meant.flatMap(({ row, files }) =>
        row.repository === id ? [{ session: row.id, files }] : [],
      );
      for (const [session, meetings] of meetingsOf(footprints)) {
        views.set(session, {
          session,
          repository: id,
          meetings: meetings.flatMap((each) => {
            const other = places.get(each.session);
            return other
              ? [{ ...each, item: other.row.item, files: [...each.files], folders: [...each.folders] }]
              : [];
          }),
        });
      }
    }
    return views;
  }

  /** Tells what is other than it was told last, in one fact. */
  async function tell(repository: RepositoryId) {
    await ledger.write(() => {
      const now = current(repository);
      const over = [...told.values()]
        .filter((view) => view.repository === repository && !now.has(view.session))
        .map((view) => ({ ...view, meetings: [] }));
      const news = [...now.values(), ...over].filter(
        (view) => JSON.stringify(view) !== JSON.stringify(told.get(view.session)),
      );
      const text = describe(news, told, places);
      for (const view of over) told.delete(view.session);
      for (const view of now.values()) told.set(view.session, view);
      const fact = {
        name: "overlap:seen",
        repository,
        session: news[0]?.session ?? null,
        actor: "server",
        text,
        changes: { overlaps: news },
      } as const;
      return Promise.resolve({ change: news.length > 0 ? { facts: [fact] } : {}, result: undefined });
    });
  }

  function leave(place: Place) {
    places.delete(place.row.id);
    bell.forget(place.row.id);
    place.takeBack?.();
    place.stopListening?.();
    if (place.files.length > 0) background(tell(place.row.repository));
  }

  return {
    take(rows) {
      for (const row of rows) {
        const known = places.get(row.id);
        if (!isLive(row.state.status)) {
          if (known) leave(known);
          continue;
        }
        const place = known ?? newPlace(row);
        place.row = row;
        places.set(row.id, place);
        wantLook(place);
      }
    },
    stirred(session) {
      const place = places.get(session);
      if (!place || place.stopListening || isStopped) return;
      place.stopListening = clock.after(listenMs, () => {
        place.stopListening = null;
        background(listen(place));
      });
    },
    of: (repository) => [...current(repository).values()],
    meetingsOf: (session) => {
      const row = places.get(session)?.row;
      return (row && current(row.repository).get(session)?.meetings) ?? [];
    },
    stop() {
      isStopped = true;
      for (const { takeBack, stopListening } of places.values()) {
        takeBack?.();
        stopListening?.();
      }
    },
  };
}

function newPlace(row: SessionRow): Place {
  return {
    row,
    files: [],
    committed: { key: "", paths: [] },
    isWanted: false,
    isBusy: false,
    restsUntil: 0,
    takeBack: null,
    stopListening: null,
  };
}

/** It has work that may land; what has failed or was stopped counts again when it goes on. */
function isLive(status: SessionStatus): boolean {
  return !["queued", "failed", "stopped", "interrupted", "merged"].includes(status);
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((file, index) => file === b[index]);
}

/** The first meeting that is new, in words; else that there is one fewer. */
function describe(
  news: readonly SessionOverlapView[],
  told: ReadonlyMap<SessionId, SessionOverlapView>,
  places: ReadonlyMap<SessionId, Place>,
): string {
  for (const { session, meetings } of news) {
    const before = told.get(session)?.meetings ?? [];
    const fresh = meetings.find(
      (meeting) => meeting.count > (before.find((each) => each.session === meeting.session)?.count ?? 0),
    );
    const item = places.get(session)?.row.item;
    if (!fresh || !item) continue;
    const more = fresh.count > 1 ? ` and ${String(fresh.count - 1)} more` : "";
    return `${item} and ${fresh.item} both touch ${oneLine(fresh.files[0] ?? "", 200)}${more}.`;
  }
  return "Where sessions work on the same files has changed.";
}
