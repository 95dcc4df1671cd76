"use client";

import { ChevronDown, GitBranch } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { useModel } from "#components/live/use-model.ts";
import { useRepositoryChoice } from "#components/live/use-repository-choice.ts";
import { Button } from "#components/ui/button.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { Copy } from "#components/ui/copy.tsx";
import { Trouble } from "#components/ui/trouble.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { RepositoryView } from "#lib/contract/wire.ts";
import { DoctorList } from "./doctor-list.tsx";
import { RemoveRepository } from "./remove-repository.tsx";

const sources = { beads: "Beads", backlog: "built-in backlog" } as const;

/** One repository: where, on which base, whose backlog, what is wrong with it. */
export function RepositoryCard({ repository }: { repository: RepositoryView }) {
  const { choose } = useRepositoryChoice();
  const [isOpen, setOpen] = useState(repository.problem !== null);
  const items = useModel((model) => {
    let count = 0;
    for (const item of model.items.values()) if (item.repository === repository.id) count += 1;
    return count;
  });
  const working = useModel((model) => {
    let count = 0;
    for (const session of model.sessions.values()) {
      if (session.repository === repository.id && !["merged", "stopped"].includes(session.status)) count += 1;
    }
    return count;
  });
  const { name, root, base, source, problem } = repository;
  return (
    <article className="rounded-xl border border-line bg-surface shadow-card">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2 p-4 sm:px-5">
        <div className="min-w-0 flex-1 basis-72">
          <h2 className="font-semibold">{visibleText(name)}</h2>
          <Copy value={root} label="path" className="mt-0.5 max-w-full" />
          <p className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-xs text-muted">
            <span className="inline-flex items-center gap-1">
              <GitBranch className="size-3" aria-hidden />
              <span className="font-mono">{visibleText(base)}</span>
            </span>
            <span>{sources[source]}</span>
            <span>{countOf(items ?? 0, "open item")}</span>
            <span>{countOf(working ?? 0, "session")}</span>
          </p>
        </div>
        <div className="flex gap-2">
          <Button asChild>
            <Link data-nav href="/" onClick={() => choose(repository.id)}>
              Show on the board
            </Link>
          </Button>
          <Button kind="quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            Checks{" "}
            <ChevronDown aria-hidden className={classNames("transition-transform", isOpen && "rotate-180")} />
          </Button>
          <RemoveRepository repository={repository} />
        </div>
      </div>
      {problem !== null && (
        <div className="px-4 pb-4 sm:px-5">
          <Trouble message={visibleText(problem)} />
        </div>
      )}
      {isOpen && (
        <div className="border-t border-line px-4 py-3 sm:px-5">
          <DoctorList repository={repository} />
        </div>
      )}
    </article>
  );
}

function countOf(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? "" : "s"}`;
}
