"use client";

import { useState } from "react";
import { classNames } from "#components/ui/class-names.ts";
import { visibleText } from "#components/ui/visible-text.ts";
import type { MergePlanView, OverlapView } from "#lib/contract/wire.ts";
import { ConflictList } from "./conflict-list.tsx";

/** Every pair of approved sessions at a glance; a mark opens what the two share. */
export default function OverlapMatrix({ plan }: { plan: MergePlanView }) {
  const [chosen, setChosen] = useState<OverlapView | null>(null);
  const itemOf = new Map(plan.entries.map(({ session, item }) => [session as string, item as string]));
  const place = new Map(plan.order.map(({ session }, index) => [session as string, index]));
  const of = (session: string) => place.get(session) ?? plan.entries.length;
  const entries = plan.entries.toSorted((a, b) => of(a.session) - of(b.session));
  const pairs = new Map(plan.overlaps.flatMap((pair) => [[key(pair.a, pair.b), pair] as const]));
  const name = (session: string) => itemOf.get(session) ?? session;
  return (
    <div>
      <div className="overflow-x-auto pb-1" data-testid="overlap-matrix">
        <table className="border-separate border-spacing-px text-2xs">
          <caption className="sr-only">Which approved sessions conflict or touch the same files</caption>
          <tbody>
            {entries.map((row, y) => (
              <tr key={row.session}>
                <th
                  scope="row"
                  className="sticky left-0 z-10 max-w-40 truncate bg-surface pr-2 text-left font-mono font-normal text-muted"
                >
                  {row.item}
                </th>
                {entries.slice(0, y).map((column) => {
                  const pair = pairs.get(key(row.session, column.session));
                  return (
                    <td key={column.session} className="p-0">
                      {pair ? (
                        <button
                          type="button"
                          aria-pressed={pair === chosen}
                          aria-label={`${row.item} and ${column.item}: ${wordOf(pair)}, ${String(pair.files.length)} files`}
                          title={`${row.item} and ${column.item}: ${wordOf(pair)}\n${pair.files.slice(0, 12).map(visibleText).join("\n")}`}
                          onClick={() => setChosen(pair === chosen ? null : pair)}
                          className={classNames(
                            "flex size-6 items-center justify-center rounded-sm font-semibold",
                            pair.kind === "conflict"
                              ? "bg-bad-soft text-bad"
                              : "bg-attention-soft text-attention",
                            pair === chosen && "outline-2 outline-accent",
                          )}
                        >
                          {pair.kind === "conflict" ? "×" : pair.files.length}
                        </button>
                      ) : (
                        <span className="block size-6 rounded-sm bg-sunken" />
                      )}
                    </td>
                  );
                })}
                <td className="p-0">
                  <span className="block size-6 rounded-sm border border-dashed border-line" />
                </td>
              </tr>
            ))}
            <tr aria-hidden>
              <td />
              {entries.map(({ session, item }) => (
                <td key={session} className="h-20 p-0 align-top">
                  <span className="block max-h-20 w-6 truncate pt-1 pl-1 font-mono text-faint [writing-mode:vertical-rl]">
                    {item}
                  </span>
                </td>
              ))}
            </tr>
          </tbody>
        </table>
      </div>
      <p className="mt-1 flex flex-wrap gap-x-4 text-2xs text-muted">
        <span>
          <span className="font-semibold text-bad">×</span> conflict: whichever lands second goes back to its
          agent
        </span>
        <span>
          <span className="font-semibold text-attention">n</span> files of both: whichever lands second is
          checked anew
        </span>
      </p>
      {chosen && (
        <div className="mt-3 rounded-lg border border-line px-3 py-2 text-xs" aria-live="polite">
          <p className="mb-1 font-medium">
            <span className="font-mono">{name(chosen.a)}</span> and{" "}
            <span className="font-mono">{name(chosen.b)}</span>: {wordOf(chosen)}
          </p>
          {chosen.conflicts.length > 0 ? (
            <ConflictList conflicts={chosen.conflicts} ours={name(chosen.a)} theirs={name(chosen.b)} />
          ) : (
            <p className="font-mono text-muted [overflow-wrap:anywhere]">
              {chosen.files.map(visibleText).join(", ")}
            </p>
          )}
        </div>
      )}
    </div>
  );
}

function wordOf({ kind }: OverlapView): string {
  return kind === "conflict" ? "conflict" : "same files";
}

function key(a: string, b: string): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}
