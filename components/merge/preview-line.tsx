import { CircleCheck, CircleDashed, TriangleAlert } from "lucide-react";
import type { ReadState } from "#components/live/use-read.ts";
import { visibleText } from "#components/ui/visible-text.ts";
import type { Preview } from "./use-preview.ts";

/** Whether it would merge, in one line. */
export function PreviewLine({ value, problem, short = false }: ReadState<Preview> & { short?: boolean }) {
  const [Icon, tone, text] = look(value, problem?.message ?? null, short);
  return (
    <span className={`flex min-w-0 items-center gap-1 text-2xs ${tone}`} title={details(value)}>
      <Icon className="size-3 shrink-0" aria-hidden />
      <span className="truncate">{text}</span>
    </span>
  );
}

function look(value: Preview | null, problem: string | null, short: boolean) {
  if (problem !== null) return [TriangleAlert, "text-bad", problem] as const;
  if (!value) return [CircleDashed, "text-faint", "checking …"] as const;
  if (!value.clean) {
    const count = value.conflicts.length;
    return [TriangleAlert, "text-bad", `${String(count)} ${count === 1 ? "conflict" : "conflicts"}`] as const;
  }
  if (value.obstacles.length > 0) return [TriangleAlert, "text-attention", "checkout in the way"] as const;
  return [CircleCheck, "text-good", short ? "clean" : "merges cleanly"] as const;
}

function details(value: Preview | null): string {
  return [...(value?.conflicts ?? []), ...(value?.obstacles ?? [])].map(visibleText).join("\n");
}
