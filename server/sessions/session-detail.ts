import type { EventLine } from "#lib/contract/files.ts";
import type { RunEvent } from "#lib/domain/run-event.ts";
import { reviewSchema, validationSchema } from "#lib/contract/files.ts";
import { type ReadOutput, sittingView, type SittingView } from "#lib/contract/wire.ts";
import { activeOf, type Run } from "#lib/domain/run-state.ts";
import { landingView } from "../merging/landing.ts";
import { describeEvent, describePurpose } from "./describe-event.ts";
import type { SessionRow } from "./ports.ts";
import type { Room } from "./room.ts";
import { readSummary } from "./session-files.ts";
import { sessionViews } from "./views.ts";

/** One session with everything that is known about it. */
export async function readSession(room: Room, row: SessionRow): Promise<ReadOutput<"session">> {
  const { store, intake } = room;
  const [view] = await sessionViews(room, [row]);
  const events = await store.events(row.id);
  const run = await intake.runOf(row);
  const settings = await room.readSettings((await room.repository(row.repository)).root);
  // A session keeps the limits that it began with; one that has not begun will have those of now.
  const limits = { ...settings.limits, ...row.spec?.limits };
  return {
    session: view ?? row.view,
    questions: await store.questionsOf(row.id),
    reviews: run.reviews.map((review) => reviewSchema.parse(review)),
    comments: (await store.commentsOf(row.id)).flatMap(({ status, comment }) =>
      status === "removed" ? [] : [{ ...comment, status }],
    ),
    council: {
      ...limits.council,
      reworkRounds: limits.reworkRounds,
      overrule: settings.council.overrule,
    },
    sitting: sittingOf(run),
    validation: run.validation && validationSchema.parse(run.validation),
    summary: await readSummary(row.view.directory),
    timeline: timelineOf(events),
    steps: events.flatMap(({ event }) =>
      event.kind === "step-started"
        ? [{ number: event.step, purpose: describePurpose(event.purpose), startedAt: event.at }]
        : [],
    ),
    meetings: room.overlaps.meetingsOf(row.id),
    landings: (await store.landings({ session: row.id, limit: 50 })).map(landingView),
  };
}

/** The council under way, also while one of its roles waits for an answer. */
function sittingOf(run: Run): SittingView | null {
  const state = activeOf(run.state);
  if (state?.status !== "reviewing") return null;
  return sittingView.parse({ ...state, number: run.reviews.length + 1, parts: state.held });
}

function timelineOf(events: readonly EventLine[]): ReadOutput<"session">["timeline"] {
  return events
    .filter(({ event }) => event.kind !== "step-spawned")
    .map(({ event }) => ({
      at: event.at,
      kind: event.kind,
      text: describeEvent(event),
      isBad: isBad(event),
    }));
}

/** It may go well or badly, and did not go well. */
function isBad(event: RunEvent): boolean {
  if (event.kind === "validated") return !event.validation.passed;
  return event.kind === "review-concluded" && event.review.verdict !== "approved";
}
