"use client";

import { useModel } from "#components/live/use-model.ts";
import type { ReadState } from "#components/live/use-read.ts";
import { useRead } from "#components/live/use-read.ts";
import type { ReadOutput, SessionView } from "#lib/contract/wire.ts";

export type Preview = ReadOutput<"preview">;

/** How a merge would go now; looked at again whenever the branch or its base may have moved. */
export function usePreview(session: SessionView): ReadState<Preview> {
  const landed = useModel(
    (model) =>
      [...model.landings.values()].filter(
        ({ repository, status }) => repository === session.repository && status === "landed",
      ).length,
  );
  return useRead(
    "preview",
    { session: session.id },
    `${session.head ?? ""} ${session.status} ${String(landed)}`,
  );
}
