"use client";

import { CircleCheck, CircleDashed, TriangleAlert } from "lucide-react";
import type { ReadState } from "#components/live/use-read.ts";
import { classNames } from "#components/ui/class-names.ts";
import { visibleText } from "#components/ui/visible-text.ts";
import type { Preview } from "./use-preview.ts";

/** Whether it would merge, in two words or one; the files on hover. */
export function PreviewLine({
  preview: { value, problem },
  isShort,
  className,
}: {
  preview: ReadState<Preview>;
  isShort: boolean;
  className?: string;
}) {
  const [Icon, tone, text, short] = look(value, problem?.message ?? null);
  return (
    <span
      className={classNames("flex min-w-0 items-center gap-1 text-2xs", tone, className)}
      title={details(value)}
    >
      <Icon className="size-3 shrink-0" aria-hidden />
      <span className="truncate">{isShort ? (short ?? text) : text}</span>
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
  if (value.obstacles.length > 0)
    return [TriangleAlert, "text-attention", "checkout in the way", "in the way"] as const;
  return [CircleCheck, "text-good", "merges cleanly", "clean"] as const;
}

function details(value: Preview | null): string {
  if (value?.clean === false) {
    return [
      "Merging it would change nothing and fail on these files:",
      ...value.conflicts.map(visibleText),
    ].join("\n");
  }
  if (!value) return "";
  return value.obstacles.length > 0
    ? value.obstacles.map(visibleText).join("\n")
    : "It merges cleanly with its base as it is now.";
}
