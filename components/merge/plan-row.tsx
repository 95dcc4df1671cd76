"use client";

import { CircleCheck, CircleDashed, TriangleAlert, UserRound } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { statusLook } from "#components/live/status-look.ts";
import { useModel } from "#components/live/use-model.ts";
import { ChangeSize } from "#components/ui/change-size.tsx";
import { Since } from "#components/ui/since.tsx";
import { Status } from "#components/ui/status.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { OverlapView, PlanEntryView } from "#lib/contract/wire.ts";
import { ConflictList } from "./conflict-list.tsx";
import { GateWords } from "./gate-words.tsx";
import { LandButton } from "./merge-button.tsx";

interface PlanRowProps {
  entry: PlanEntryView;
  /** Where it comes in the proposed order, from 1; null where it does not land as things stand. */
  place: number | null;
  how: "at-once" | "after-check" | null;
  /** Why it is left out, where it is; and the item that lands in its place. */
  why: string | null;
  because: string | null;
  base: string;
  meets: readonly OverlapView[];
  itemOf: (session: string) => string;
}

/** One session of the plan: what a landing would do, with whom it does not go together, and the click. */
export function PlanRow({ entry, place, how, why, because, base, meets, itemOf }: PlanRowProps) {
  const session = useModel((model) => model.sessions.get(entry.session) ?? null);
  const { item, title, clean, files, added, removed, gate, conflicts, obstacles, asks, notes } = entry;
  const against = meets.filter(({ kind }) => kind === "conflict");
  const beside = meets.filter(({ kind }) => kind === "shared");
  const other = ({ a, b }: OverlapView) => itemOf(a === entry.session ? b : a);
  return (
    <div className="px-4 py-3" data-testid="plan-row">
      <div className="flex items-start gap-x-3">
        <span className="mt-0.5 w-4 shrink-0 text-right text-xs text-faint tabular-nums">{place ?? "–"}</span>
        <div className="min-w-0 flex-1">
          <p className="flex flex-wrap items-center gap-x-2 text-2xs text-faint">
            <span className="font-mono">{item}</span>
            <span>
              {files} {files === 1 ? "file" : "files"}
            </span>
            <ChangeSize added={added} removed={removed} />
          </p>
          <Link
            data-nav
            href={`/sessions/${entry.session}?tab=diff`}
            className="line-clamp-2 text-sm font-medium hover:underline"
          >
            {visibleText(title)}
          </Link>
          <p className="mt-0.5 flex flex-wrap items-center gap-x-2.5 gap-y-0.5 text-xs [&_svg]:shrink-0">
            <Foreseen entry={entry} how={how} because={because} base={base} />
            {gate && gate.status !== "not-configured" && <GateWords gate={gate} isOld={!gate.isCurrent} />}
            {session && session.status === "outdated" && <Status {...statusLook(session)} />}
            {session && (
              <span className="text-faint">
                <Since at={session.since} />
              </span>
            )}
          </p>
        </div>
        {session?.status === "approved" && <LandButton session={session} />}
      </div>
      <div className="flex flex-col gap-1 text-xs text-muted empty:hidden pl-7 [&>*:first-child]:mt-1.5">
        {why !== null && because === null && clean && <p>{visibleText(why)}</p>}
        {asks.length > 0 && (
          <Remark icon={<UserRound className="size-3.5" aria-hidden />}>
            Only a person lands this. {asks.map(visibleText).join(" ")}
          </Remark>
        )}
        {obstacles.length > 0 && (
          <Remark icon={<TriangleAlert className="size-3.5 text-attention" aria-hidden />}>
            The checkout is in the way: {obstacles.map(visibleText).join("; ")}. Commit, stash or move that
            first.
          </Remark>
        )}
        {conflicts.length > 0 && <ConflictList conflicts={conflicts} ours={base} theirs={item} />}
        {against.map((pair) => (
          <details key={`${pair.a}${pair.b}`}>
            <summary className="cursor-pointer rounded-sm text-bad">
              Conflicts with <span className="font-mono">{other(pair)}</span> in{" "}
              {pair.conflicts.length === 1 ? "1 file" : `${String(pair.conflicts.length)} files`}
            </summary>
            <div className="pt-1 pl-3.5 text-muted">
              <ConflictList conflicts={pair.conflicts} ours={itemOf(pair.a)} theirs={itemOf(pair.b)} />
            </div>
          </details>
        ))}
        {beside.length > 0 && (
          <p>
            Same files as{" "}
            {beside.map((pair, index) => (
              <span key={`${pair.a}${pair.b}`} title={pair.files.map(visibleText).join("\n")}>
                {index > 0 && ", "}
                <span className="font-mono">{other(pair)}</span>
              </span>
            ))}
          </p>
        )}
        {notes.map((note) => (
          <p key={note}>{visibleText(note)}</p>
        ))}
      </div>
    </div>
  );
}

function Remark({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <p className="flex items-start gap-1.5">
      <span className="mt-px shrink-0">{icon}</span>
      <span className="min-w-0 [overflow-wrap:anywhere]">{children}</span>
    </p>
  );
}

function Foreseen({
  entry: { clean, conflicts, outdated },
  how,
  because,
  base,
}: Pick<PlanRowProps, "entry" | "how" | "because" | "base">) {
  if (!clean) {
    return (
      <span className="flex items-center gap-1 text-bad">
        <TriangleAlert className="size-3" aria-hidden /> conflicts with {visibleText(base)} in{" "}
        {conflicts.length === 1 ? "1 file" : `${String(conflicts.length)} files`}
      </span>
    );
  }
  if (outdated !== null) {
    return (
      <span className="flex items-center gap-1 text-review" title={visibleText(outdated)}>
        <CircleDashed className="size-3" aria-hidden /> is checked anew first
      </span>
    );
  }
  if (because !== null) {
    return (
      <span className="flex items-center gap-1 text-bad">
        <TriangleAlert className="size-3 shrink-0" aria-hidden />
        <span>
          conflicts with <span className="font-mono">{because}</span>, which lands first
        </span>
      </span>
    );
  }
  return (
    <span className="flex items-center gap-1 text-good">
      <CircleCheck className="size-3" aria-hidden />{" "}
      {how === "after-check" ? "merges cleanly, checked anew on the way" : "merges cleanly"}
    </span>
  );
}
