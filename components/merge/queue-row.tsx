"use client";

import Link from "next/link";
import { statusLook } from "#components/live/status-look.ts";
import { useModel } from "#components/live/use-model.ts";
import { ChangeSize } from "#components/ui/change-size.tsx";
import { Since } from "#components/ui/since.tsx";
import { Status } from "#components/ui/status.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { SessionView } from "#lib/contract/wire.ts";
import { LandingTrain } from "./landing-train.tsx";
import { MergeButton } from "./merge-button.tsx";

export function QueueRow({ session, place }: { session: SessionView; place: number }) {
  const running = useModel(
    (model) =>
      [...model.landings.values()].find(
        ({ session: id, status }) => id === session.id && status === "running",
      ) ?? null,
  );
  const { item, summary, changes, reason } = session;
  return (
    <div className="px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <span className="w-4 text-right text-xs text-faint max-sm:hidden">{place}</span>
        <div className="min-w-0 flex-1 basis-64">
          <p className="flex items-center gap-2">
            <span className="shrink-0 font-mono text-2xs text-faint">{item.id}</span>
            {changes && <ChangeSize {...changes} />}
          </p>
          <Link
            data-nav
            href={`/sessions/${session.id}?tab=diff`}
            className="block truncate text-sm font-medium hover:underline"
          >
            {visibleText(item.title)}
          </Link>
          <p className="flex items-center gap-2 text-xs text-muted">
            <Status {...statusLook(session)} />
            <Since at={session.since} className="shrink-0 whitespace-nowrap text-faint" />
            <span className="min-w-0 truncate">{visibleText(reason?.text ?? summary ?? "")}</span>
          </p>
        </div>
        {session.status !== "outdated" && (
          <div className="sm:w-56 max-sm:w-full">
            <MergeButton session={session} explain />
          </div>
        )}
      </div>
      {running && <LandingTrain landing={running} />}
    </div>
  );
}
