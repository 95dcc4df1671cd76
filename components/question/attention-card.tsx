import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { Badge } from "#components/ui/badge.tsx";
import type { Tone } from "#components/ui/tone.ts";
import { visibleText } from "#components/ui/visible-text.ts";
import type { Attention, AttentionKind } from "#lib/domain/attention.ts";
import { attentionWords } from "#lib/domain/attention-words.ts";
import { Weight } from "./weight.tsx";

const tones: Readonly<Record<AttentionKind, Tone>> = {
  question: "attention",
  rejected: "bad",
  "no-verdict": "bad",
  conflict: "bad",
  "gate-red": "bad",
  "landing-stuck": "attention",
  "revert-refused": "bad",
  approval: "good",
  budget: "bad",
  failed: "bad",
  interrupted: "bad",
  unknown: "attention",
  stale: "attention",
  parked: "neutral",
};

/** Something that is decided on a page of its own: one line on what it is, and the way there. */
export function AttentionCard({ entry, repository }: { entry: Attention; repository: string | null }) {
  const { kind, item, text } = entry;
  return (
    <Link
      href={placeOf(entry)}
      data-nav
      className="group flex flex-col gap-1.5 rounded-xl border border-line bg-surface px-4 py-3 shadow-card hover:border-line-strong hover:bg-hover"
    >
      <span className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-faint">
        <Badge tone={tones[kind]}>{attentionWords[kind].name}</Badge>
        {repository !== null && <span>{repository}</span>}
        <span className="font-mono whitespace-nowrap text-muted">{item.id}</span>
        <span className="ml-auto">
          <Weight entry={entry} />
        </span>
      </span>
      <span className="flex items-end gap-3">
        <span className="min-w-0 flex-1">
          <span className="block truncate text-sm font-medium">{visibleText(item.title)}</span>
          <span className="line-clamp-2 text-sm text-muted [overflow-wrap:anywhere]">
            {visibleText(text)}
          </span>
        </span>
        <span className="flex shrink-0 items-center gap-0.5 text-xs text-muted group-hover:text-text">
          {attentionWords[kind].act}
          <ChevronRight className="size-3.5" aria-hidden />
        </span>
      </span>
    </Link>
  );
}

function placeOf({ kind, session, item }: Attention): string {
  if (session === null || kind === "parked") return `/backlog?item=${encodeURIComponent(item.id)}`;
  const tab = ["rejected", "no-verdict"].includes(kind) ? "?tab=review" : "";
  return `/sessions/${session}${tab}`;
}
