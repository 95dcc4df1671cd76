"use client";

import { History } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { useActivity } from "#components/live/use-activity.ts";
import { useRepositoryChoice } from "#components/live/use-repository-choice.ts";
import { Empty } from "#components/ui/empty.tsx";
import { Placeholder } from "#components/ui/placeholder.tsx";
import { Segments } from "#components/ui/segments.tsx";
import { Trouble } from "#components/ui/trouble.tsx";
import { VirtualList } from "#components/ui/virtual-list.tsx";
import { isPersonsName } from "#lib/domain/actor.ts";
import { activityLines } from "./activity-lines.ts";
import { ActivityRow } from "./activity-row.tsx";

type Who = "everything" | "people";

const dayOf = (instant: string) =>
  new Date(instant).toLocaleDateString([], { weekday: "long", day: "numeric", month: "long" });

/** Who did what, as it happens; earlier pages are read when somebody scrolls to them. */
export function Activity() {
  const { chosen } = useRepositoryChoice();
  const [who, setWho] = useState<Who>("everything");
  const repository = chosen?.id ?? null;
  return (
    <div className="mx-auto flex h-full max-w-3xl flex-col px-2 pt-4 sm:px-6 sm:pt-6">
      <header className="mb-3 flex flex-wrap items-center justify-between gap-2 px-3">
        <h1 className="text-lg font-semibold tracking-tight">Activity</h1>
        <Segments
          label="Whose doings"
          value={who}
          onChange={setWho}
          choices={[
            ["everything", "Everything"],
            ["people", "By people"],
          ]}
        />
      </header>
      <Feed key={`${who} ${repository ?? ""}`} people={who === "people"} repository={repository} />
    </div>
  );
}

function Feed({ people, repository }: { people: boolean; repository: string | null }) {
  const { known, problem, earlier } = useActivity({ people, repository });
  const lines = useMemo(() => {
    if (!known) return null;
    const live = known.live.filter(
      (fact) =>
        (!people || isPersonsName(fact.actor)) &&
        (repository === null || fact.repository === null || fact.repository === repository),
    );
    return activityLines([...live, ...known.past], known.next !== null && problem === null, dayOf);
  }, [known, problem, people, repository]);
  if (!lines) return <Placeholder lines={10} />;
  return (
    <>
      {problem && (
        <div className="px-3 pb-3">
          <Trouble message={problem.message} fix={problem.fix} />
        </div>
      )}
      {lines.length === 0 ? (
        <Empty icon={History} title="Nothing has happened yet">
          What people and agents do appears here by itself.
        </Empty>
      ) : (
        <VirtualList
          entries={lines}
          keyOf={({ key }) => key}
          estimate={32}
          label="Activity"
          className="flex-1 pb-6"
        >
          {(line) =>
            line.kind === "day" ? (
              <h2 className="px-3 pt-4 pb-1 text-xs font-medium text-faint">{line.word}</h2>
            ) : line.kind === "fact" ? (
              <ActivityRow fact={line.fact} />
            ) : (
              <Earlier onShown={earlier} />
            )
          }
        </VirtualList>
      )}
    </>
  );
}

/** Stands at the end of what is known, and asks for more as soon as it is drawn. */
function Earlier({ onShown }: { onShown: () => void }) {
  useEffect(() => onShown(), [onShown]);
  return (
    <p role="status" className="px-3 py-2 text-xs text-faint">
      Reading what was before …
    </p>
  );
}
