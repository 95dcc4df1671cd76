"use client";

import type { SessionOverlapView, SessionView } from "#lib/contract/wire.ts";
import { useModel } from "./use-model.ts";

export type Meeting = SessionOverlapView["meetings"][number];

const over: readonly SessionView["status"][] = ["merged", "stopped", "failed", "interrupted"];

/** Whom the session may collide with; only those that may still land. */
export function useMeetings(session: SessionView): readonly Meeting[] {
  const meetings = useModel((model) => {
    if (over.includes(session.status)) return null;
    return (model.overlaps.get(session.id)?.meetings ?? []).filter((meeting) => {
      const other = model.sessions.get(meeting.session);
      return other !== undefined && !over.includes(other.status);
    });
  });
  return meetings ?? [];
}
