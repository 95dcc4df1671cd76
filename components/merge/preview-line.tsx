"use client";

import { CircleCheck, CircleDashed, TriangleAlert } from "lucide-react";
import { visibleText } from "#components/ui/visible-text.ts";
import type { SessionView } from "#lib/contract/wire.ts";
import type { Preview } from "./use-preview.ts";
import { usePreview } from "./use-preview.ts";

/** Whether it would merge, in two words; the files on hover. */
export function PreviewLine({ session }: { session: SessionView }) {
  const { value, problem } = usePreview(session);
  const [Icon, tone, text] = look(value, problem?.message ?? null);
  return (
    <span className={`flex min-w-0 items-center gap-1 text-2xs ${tone}`} title={details(value)}>
      <Icon className="size-3 shrink-0" aria-hidden />
      <span className="truncate">{text}</span>
    </span>
  );
}

function look(value: Preview | null, problem: string | null) {
  if (problem !== null) return [TriangleAlert, "text-bad", problem] as const;
  if (!value) return [CircleDashed, "text-faint", "checking …"] as const;
  if (!value.clean) {
    const count = value.conflicts.length;
    return [TriangleAlert, "text-bad", `${String(count)} ${count === 1 ? "conflict" : "conflicts"}`] as const;
  }
  if (value.obstacles.length > 0) return [TriangleAlert, "text-attention", "checkout in the way"] as const;
  return [CircleCheck, "text-good", "merges cleanly"] as const;
}

function details(value: Preview | null): string {
  if (value?.clean === false) {
    return [
      "Merging it would change nothing and fail on these files:",
      ...value.conflicts.map(visibleText),
    ].join("\n");
  }
  return (value?.obstacles ?? []).map(visibleText).join("\n");
}
