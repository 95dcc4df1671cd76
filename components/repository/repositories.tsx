"use client";

import Link from "next/link";
import { useModel } from "#components/live/use-model.ts";
import { useRepositoryChoice } from "#components/live/use-repository-choice.ts";
import { Placeholder } from "#components/ui/placeholder.tsx";
import { AddRepository } from "./add-repository.tsx";
import { FirstSteps } from "./first-steps.tsx";
import { RepositoryCard } from "./repository-card.tsx";

/** Every repository that Amplify manages, and how another one is added. */
export function Repositories() {
  const isHere = useModel(() => true);
  const { all } = useRepositoryChoice();
  if (isHere === null) return <Placeholder lines={8} />;
  if (all.length === 0) return <FirstSteps />;
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto max-w-4xl p-4 sm:p-6">
        <div className="mb-4 flex items-baseline gap-4">
          <h1 className="text-lg font-semibold tracking-tight">Repositories</h1>
          <Link data-nav href="/archives" className="ml-auto text-sm text-muted hover:text-text">
            Archived work and disk use
          </Link>
        </div>
        <ul className="flex flex-col gap-4">
          {all.map((repository) => (
            <li key={repository.id}>
              <RepositoryCard repository={repository} />
            </li>
          ))}
        </ul>
        <section aria-label="Add a repository" className="mt-8">
          <h2 className="mb-2 text-xs font-semibold text-muted">Add a repository</h2>
          <AddRepository />
          <p className="mt-2 text-xs text-faint">
            The path is on the server&apos;s machine. Nothing in the repository is changed; sessions get
            worktrees of their own.
          </p>
        </section>
      </div>
    </div>
  );
}
