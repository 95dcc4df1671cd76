import type { SessionDetail } from "#components/live/use-session.ts";

export const phaseNames = [
  "queued",
  "preparing",
  "implementation",
  "waiting",
  "review",
  "landing",
  "resting",
] as const;
export type PhaseName = (typeof phaseNames)[number];

/** A stretch of a session's life; `to` is null while it lasts. */
export interface Phase {
  readonly name: PhaseName;
  readonly from: number;
  readonly to: number | null;
}

type Told = Pick<SessionDetail, "landings"> & {
  readonly timeline: readonly Pick<SessionDetail["timeline"][number], "at" | "kind">[];
  session: Pick<SessionDetail["session"], "createdAt" | "startedAt" | "status">;
};

/** Divides a session's life, from its dispatch on, without holes; stretches of the same kind that touch are one. */
export function phasesOf({ session, timeline, landings }: Told): readonly Phase[] {
  const turns: { at: number; name: PhaseName }[] = [{ at: Date.parse(session.createdAt), name: "queued" }];
  if (session.startedAt !== null && !(timeline[0] && timeline[0].at < session.startedAt)) {
    turns.push({ at: Date.parse(session.startedAt), name: "preparing" });
  }
  let isReviewing = false;
  for (const { at, kind } of timeline) {
    isReviewing = isReviewing
      ? !/^(?:rework-started|base-merged|review-concluded)$/.test(kind)
      : kind === "council-opened";
    const name = phaseAfter(kind, isReviewing);
    if (name) turns.push({ at: Date.parse(at), name });
  }
  for (const { startedAt, endedAt } of landings) {
    turns.push({ at: Date.parse(startedAt), name: "landing" });
    if (endedAt !== null) turns.push({ at: Date.parse(endedAt), name: "resting" });
  }
  turns.sort((a, b) => a.at - b.at);
  const phases: Phase[] = [];
  for (const [index, { at, name }] of turns.entries()) {
    const to = turns[index + 1]?.at ?? null;
    const last = phases.at(-1);
    if (last?.name === name) phases[phases.length - 1] = { ...last, to };
    else if (to !== at) phases.push({ name, from: at, to });
  }
  // What has ended rests for good: its rest is no part of its life.
  const isOver = session.status === "merged" || session.status === "stopped";
  return isOver && phases.at(-1)?.name === "resting" ? phases.slice(0, -1) : phases;
}

function phaseAfter(kind: string, isReviewing: boolean): PhaseName | null {
  switch (kind) {
    case "prepared":
    case "step-started":
    case "step-spawned":
    case "answered":
    case "rework-started":
    case "base-merged":
    case "council-opened":
      return isReviewing ? "review" : "implementation";
    case "resumed":
      return isReviewing ? "review" : "implementation";
    case "asked":
    case "step-asked":
      return "waiting";
    case "review-concluded":
    case "failed":
    case "stopped":
    case "interrupted":
      return "resting";
    default:
      return null;
  }
}
