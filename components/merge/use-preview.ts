"use client";

import type { ReadState } from "#components/live/use-read.ts";
import { useRead } from "#components/live/use-read.ts";
import type { ReadOutput, SessionView } from "#lib/contract/wire.ts";
import { useBaseMove } from "./use-base-move.ts";

export type Preview = ReadOutput<"preview">;

/** How a merge would go now; looked at again whenever the branch or its base may have moved. */
export function usePreview(session: SessionView): ReadState<Preview> {
  const moved = useBaseMove(session.repository);
  return useRead(
    "preview",
    { session: session.id },
    `${session.head ?? ""} ${session.status} ${String(moved)}`,
  );
}
