import type { ReactNode } from "react";
import { CommandLine } from "#components/ui/command-line.tsx";
import { AddRepository } from "./add-repository.tsx";

/** What to do while no repository is registered. */
export function FirstSteps() {
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto max-w-xl px-5 py-10 sm:py-16">
        <h1 className="text-xl font-semibold tracking-tight">Begin with a repository</h1>
        <p className="mt-1.5 text-sm text-muted">
          Its backlog then flows through isolated sessions into the base branch, and people only decide.
        </p>
        <ol className="mt-8 flex flex-col gap-7">
          <Step number={1} title="Register one">
            <AddRepository />
            <p className="my-2 text-xs text-faint">or in a terminal, from anywhere</p>
            <CommandLine command="amplify repo add <path>" />
          </Step>
          <Step number={2} title="Have something ready">
            A Beads database in the repository is read as it is. Without one, Amplify keeps a backlog of its
            own; write the first items under Backlog.
          </Step>
          <Step number={3} title="Dispatch, and decide">
            Dispatch a ready item, or let the loop work through all of them. Questions, verdicts and merges
            come to you.
          </Step>
        </ol>
        <section aria-label="Demo" className="mt-10 rounded-xl border border-line bg-surface p-5 shadow-card">
          <h2 className="text-sm font-semibold">Just looking?</h2>
          <p className="mt-1 mb-3 text-sm text-muted">
            The demo plays the whole story on a throw-away repository, without a model and without cost.
          </p>
          <CommandLine command="amplify demo" />
        </section>
      </div>
    </div>
  );
}

function Step({ number, title, children }: { number: number; title: string; children: ReactNode }) {
  return (
    <li className="flex gap-4">
      <span
        aria-hidden
        className="grid size-6 shrink-0 place-items-center rounded-full border border-line-strong text-xs font-semibold text-muted"
      >
        {number}
      </span>
      <div className="min-w-0 flex-1">
        <h2 className="mb-1.5 font-medium">{title}</h2>
        <div className="text-sm text-muted">{children}</div>
      </div>
    </li>
  );
}
