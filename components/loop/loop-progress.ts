import { needsPerson } from "#components/live/status-look.ts";
import type { LoopView, SessionView } from "#lib/contract/wire.ts";
import { isInProject } from "#lib/domain/scheduling.ts";

/** How many of a loop's items stand where. Each session counts once. */
export interface LoopProgress {
  readonly atWork: number;
  readonly needYou: number;
  readonly toMerge: number;
  readonly landed: number;
  readonly parked: number;
}

/** Counts the sessions of the loop's items that were open at some time while it ran. */
export function loopProgress(loop: LoopView, sessions: Iterable<SessionView>): LoopProgress {
  const count = { atWork: 0, needYou: 0, toMerge: 0, landed: 0, parked: loop.parked.length };
  const parked = new Set(loop.parked.map(({ session }) => session));
  for (const session of sessions) {
    if (session.repository !== loop.repository || parked.has(session.id)) continue;
    if (loop.project !== null && !isInProject(session.item, loop.project)) continue;
    if (session.endedAt !== null && Date.parse(session.endedAt) < Date.parse(loop.startedAt)) continue;
    if (loop.endedAt !== null && Date.parse(session.createdAt) > Date.parse(loop.endedAt)) continue;
    if (session.status === "merged") count.landed += 1;
    else if (session.status === "stopped") continue;
    else if (needsPerson(session)) count.needYou += 1;
    else if (session.status === "approved") count.toMerge += 1;
    else count.atWork += 1;
  }
  return count;
}

/** `3 at work · 2 landed`: what is none is left out. */
export function describeProgress(progress: LoopProgress): string {
  const words: readonly (readonly [number, string])[] = [
    [progress.atWork, "at work"],
    [progress.needYou, "waiting for you"],
    [progress.toMerge, "to merge"],
    [progress.landed, "landed"],
    [progress.parked, "parked"],
  ];
  const parts = words.filter(([count]) => count > 0).map(([count, word]) => `${String(count)} ${word}`);
  return parts.length === 0 ? "nothing begun yet" : parts.join(" · ");
}

/** What it works off, in words. */
export function scopeOf({ project }: LoopView): string {
  return project === null ? "the backlog" : project;
}
