import type { ItemId } from "#lib/domain/ids.ts";
import type { LoopSession, LoopSurvey, Parked } from "#lib/domain/loop.ts";
import { isInProject, planDispatch } from "#lib/domain/scheduling.ts";
import { landingAsks } from "../sessions/landing-asks.ts";
import { landingRefusal } from "../sessions/landing-refusal.ts";
import { isSettledRejection } from "../sessions/rejection.ts";
import type { LoopRow, SessionRow } from "../sessions/ports.ts";
import type { Room } from "../sessions/room.ts";

export type SurveyRoom = Pick<
  Room,
  "store" | "backlog" | "intake" | "git" | "readSettings" | "repository" | "openBacklog" | "merging" | "clock"
>;

/** Looks at the items of a loop and at their sessions, as they are now. */
export async function surveyLoop(
  room: SurveyRoom,
  loop: LoopRow,
  known: { readonly begun: number; readonly refused: readonly Parked[] },
): Promise<LoopSurvey> {
  const { store } = room;
  const state = await (await room.backlog(loop.repository)).get();
  const open = await store.open(loop.repository);
  const plan = planDispatch({
    items: [...state.items.values()],
    ready: state.ready,
    sessions: open.map(({ id, item, state: { status } }) => ({ session: id, item, status })),
    label: loop.project,
  });
  const isOurs = ({ item, view }: SessionRow) =>
    loop.project === null || isInProject(state.items.get(item) ?? view.item, loop.project);
  const sessions: LoopSession[] = [];
  for (const row of open.filter(isOurs)) sessions.push(await sessionOf(row));
  const ready: LoopSurvey["ready"][number][] = [];
  for (const { id, title } of plan.dispatch) {
    const given = await givenUp(id);
    if (given) sessions.push(given);
    else ready.push({ id, title });
  }
  const landings = await store.landings({ repository: loop.repository, limit: 100 });
  const holdsPlace = new Set(open.map(({ item }) => item));
  return {
    landing: loop.landing,
    maxSessions: loop.maxSessions,
    maxFailures: loop.maxFailures,
    begun: known.begun,
    ready,
    sessions,
    refused: known.refused.filter(
      ({ item }) => !holdsPlace.has(item) && (state.items.get(item)?.status ?? "closed") !== "closed",
    ),
    // The outcome is told before the journal is closed, and nothing is told after that.
    landings: landings.filter(({ status, journal }) => status === "running" && !journal.outcome).length,
    left: plan.skipped.filter(({ why }) => why.kind !== "has-session" && why.kind !== "epic").length,
  };

  async function sessionOf(row: SessionRow): Promise<LoopSession> {
    const { id: session, item, view, state: current } = row;
    return { session, item, title: view.item.title, status: current.status, rest: await restOf(row) };
  }

  /** Whoever stopped it during the loop does not want it begun again. */
  async function givenUp(item: ItemId): Promise<LoopSession | null> {
    const [newest] = await store.newestOf(loop.repository, item);
    if (newest?.state.status !== "stopped" || newest.view.since < loop.startedAt) return null;
    const why = newest.view.reason?.text ?? "It was stopped.";
    return { ...(await sessionOf(newest)), rest: { why, isFailure: false } };
  }

  async function restOf(row: SessionRow): Promise<LoopSession["rest"]> {
    const { view, state: current } = row;
    const reason = [view.reason?.text, view.reason?.detail.split("\n")[0]].filter(Boolean).join(" ");
    switch (current.status) {
      case "failed":
        return view.retry ? null : { why: reason || "It is failed.", isFailure: true };
      case "interrupted":
        return { why: reason || `It is ${current.status}.`, isFailure: true };
      case "stopped":
        return { why: reason || "It was stopped.", isFailure: false };
      case "rejected":
        return isSettledRejection(await room.intake.runOf(row), row)
          ? { why: "The review rejected it.", isFailure: true }
          : null;
      case "approved": {
        const asks = loop.landing === "auto" ? await landingAsks(room, row) : [];
        if (asks.length > 0) return { why: `A person has to land it. ${asks.join(" ")}`, isFailure: false };
        return landingRefusal(room, row);
      }
      default:
        return null;
    }
  }
}
