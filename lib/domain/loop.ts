import type { ItemId, SessionId } from "./ids.ts";
import { isWorking, type SessionStatus } from "./session.ts";

/** An item that the loop leaves to a person. */
export interface Parked {
  readonly item: ItemId;
  readonly title: string;
  readonly session: SessionId | null;
  readonly why: string;
  readonly isFailure: boolean;
}

export interface LoopSession {
  readonly session: SessionId;
  readonly item: ItemId;
  readonly title: string;
  readonly status: SessionStatus;
  /** Why it does not go on without a person; null while it does. */
  readonly rest: { readonly why: string; readonly isFailure: boolean } | null;
}

/** How things stand with the items of a loop. */
export interface LoopSurvey {
  readonly landing: "auto" | "ask";
  readonly maxSessions: number;
  readonly maxFailures: number;
  /** Sessions that the loop has begun already. */
  readonly begun: number;
  /** Items that a session could start on, the most urgent first. */
  readonly ready: readonly { readonly id: ItemId; readonly title: string }[];
  /** The items' sessions, the oldest first. */
  readonly sessions: readonly LoopSession[];
  /** Items that a session was refused to. */
  readonly refused: readonly Parked[];
  /** Landings that are under way, those that only have to close their item included. */
  readonly landings: number;
  /** Open items that nobody can start on: blocked, or somebody else's. */
  readonly left: number;
}

export interface LoopPlan {
  readonly parked: readonly Parked[];
  readonly dispatch: readonly ItemId[];
  /** One at a time: each landing may make the next approval outdated. */
  readonly land: SessionId | null;
  /** Nothing is under way and nothing can be begun: the loop's last words. */
  readonly end: string | null;
}

/** What a loop does next. It waits where nothing is to be done and nothing has ended. */
export function planLoop(survey: LoopSurvey): LoopPlan {
  const { sessions, refused, maxSessions, maxFailures, begun } = survey;
  const resting = sessions.flatMap(({ rest, session, item, title }) =>
    rest ? [{ item, title, session, ...rest }] : [],
  );
  const parked: Parked[] = [...resting, ...refused];
  const isParked = new Set(parked.map(({ item }) => item));
  const ready = survey.ready.filter(({ id }) => !isParked.has(id));
  const failures = parked.filter(({ isFailure }) => isFailure).length;
  const limit = limitReached({ begun, failures, maxSessions, maxFailures });
  const dispatch = limit ? [] : ready.slice(0, maxSessions - begun).map(({ id }) => id);

  const approved = sessions.filter(({ status, rest }) => status === "approved" && !rest);
  const isLanding = survey.landings > 0 || sessions.some(({ status }) => status === "merging");
  const land = survey.landing === "auto" && !isLanding ? (approved[0]?.session ?? null) : null;

  const isUnderWay = isLanding || approved.length > 0 || sessions.some(goesOn);
  if (isUnderWay || dispatch.length > 0) return { parked, dispatch, land, end: null };
  const notBegun = limit
    ? ready.map(({ id, title }) => ({
        item: id,
        title,
        session: null,
        why: `not begun: ${limit}`,
        isFailure: false,
      }))
    : [];
  const all = [...parked, ...notBegun];
  return { parked: all, dispatch: [], land: null, end: lastWords(all.length, survey.left) };
}

function goesOn({ status, rest }: LoopSession): boolean {
  if (rest) return false;
  // What failed and does not rest is tried again by itself.
  return isWorking(status) || ["queued", "waiting", "outdated", "rejected", "failed"].includes(status);
}

function limitReached(of: Pick<LoopSurvey, "begun" | "maxSessions" | "maxFailures"> & { failures: number }) {
  if (of.failures >= of.maxFailures) return `${of.failures} items failed, as many as the loop bears`;
  if (of.begun >= of.maxSessions) return `the loop has begun its ${of.maxSessions} sessions`;
  return null;
}

function lastWords(parked: number, left: number): string {
  const items = (n: number) => `${n} ${n === 1 ? "item" : "items"}`;
  const rest = left > 0 ? ` ${items(left)} cannot be started: blocked, or somebody else's.` : "";
  if (parked === 0) return `Everything is done.${rest}`;
  return `Done, except for ${items(parked)} that a person has to look at.${rest}`;
}
