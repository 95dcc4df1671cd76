"use client";

import { CircleCheck, CircleX, RotateCw, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { useRead } from "#components/live/use-read.ts";
import { Button } from "#components/ui/button.tsx";
import { Placeholder } from "#components/ui/placeholder.tsx";
import { Trouble } from "#components/ui/trouble.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { RepositoryView } from "#lib/contract/wire.ts";

const looks = {
  ok: { Icon: CircleCheck, tone: "text-good", word: "fine" },
  warning: { Icon: TriangleAlert, tone: "text-attention", word: "warning" },
  error: { Icon: CircleX, tone: "text-bad", word: "error" },
} as const;

/** What a repository stands on, looked at now, with what to do about what is not well. */
export function DoctorList({ repository }: { repository: RepositoryView }) {
  const [round, setRound] = useState(0);
  const { value, problem } = useRead(
    "doctor",
    { repository: repository.id },
    `${repository.problem ?? ""} ${String(round)}`,
  );
  if (problem && !value) return <Trouble message={problem.message} fix={problem.fix} />;
  if (!value) return <Placeholder lines={4} className="p-0" />;
  const worst = value.filter(({ level }) => level !== "ok").length;
  return (
    <section aria-label={`Checks of ${repository.name}`}>
      <div className="mb-1 flex items-center gap-2">
        <h3 className="text-xs font-semibold text-muted">Checks</h3>
        <span className="text-xs text-faint" role="status">
          {worst === 0 ? "all is well" : `${String(worst)} to look at`}
        </span>
        <Button kind="quiet" className="ml-auto" onClick={() => setRound(round + 1)}>
          <RotateCw aria-hidden /> Check again
        </Button>
      </div>
      <ul>
        {value.map(({ name, level, text, fix }) => {
          const { Icon, tone, word } = looks[level];
          return (
            <li key={name} className="flex items-start gap-2 border-t border-line py-1.5 text-sm">
              <Icon className={`mt-[3px] size-3.5 shrink-0 ${tone}`} aria-label={word} />
              <div className="min-w-0 flex-1 sm:flex sm:gap-3">
                <p className="shrink-0 sm:w-40 sm:truncate" title={visibleText(name)}>
                  {visibleText(name)}
                </p>
                <div className="min-w-0 flex-1 text-muted [overflow-wrap:anywhere]">
                  <p>{visibleText(text)}</p>
                  {fix !== null && <p className="text-text">{visibleText(fix)}</p>}
                </div>
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
