"use client";

import type { ReadOutput, SessionView } from "#lib/contract/wire.ts";
import { useModel } from "./use-model.ts";
import type { ReadState } from "./use-read.ts";
import { useRead } from "./use-read.ts";

export type SessionDetail = ReadOutput<"session">;

/** A session as it is now, and its particulars, read again when a fact about it came. */
export function useSession(id: string): { session: SessionView | null; detail: ReadState<SessionDetail> } {
  const live = useModel((model) => model.sessions.get(id) ?? null);
  // What is told of it shows in its particulars, also where its view stays the same.
  const told = useModel((model) => model.recent.findLast(({ session }) => session === id)?.seq ?? 0);
  const version = live
    ? [
        told,
        live.status,
        live.since,
        live.steps,
        live.openQuestions,
        live.round,
        live.head,
        live.comments,
        live.overruled?.at,
      ].join(" ")
    : "";
  const detail = useRead("session", { session: id }, version);
  return { session: live ?? detail.value?.session ?? null, detail };
}
