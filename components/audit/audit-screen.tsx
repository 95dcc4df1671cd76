"use client";

import { Download, RefreshCw, ScrollText } from "lucide-react";
import { useDeferredValue, useEffect, useState } from "react";
import type { AuditQuery } from "#components/live/use-audit.ts";
import { useAudit } from "#components/live/use-audit.ts";
import { saveAudit } from "#components/live/save-audit.ts";
import { useMay } from "#components/live/use-may.ts";
import { Button } from "#components/ui/button.tsx";
import { Empty } from "#components/ui/empty.tsx";
import { Input, Select } from "#components/ui/field.tsx";
import { Locked } from "#components/ui/locked.tsx";
import { Placeholder } from "#components/ui/placeholder.tsx";
import { toast } from "#components/ui/toast.ts";
import { Trouble } from "#components/ui/trouble.tsx";
import { VirtualList } from "#components/ui/virtual-list.tsx";
import { AuditRow } from "./audit-row.tsx";

const actions = [
  ["", "Every action"],
  ["session:", "Sessions"],
  ["question:", "Questions"],
  ["answers:", "Standing answers"],
  ["comment:", "Comments"],
  ["merge:", "Merges"],
  ["loop:", "Loops"],
  ["item:", "Items"],
  ["archive:", "Archives"],
  ["repository:", "Repositories"],
  ["webhook:", "Webhooks"],
  ["team:", "Team"],
  ["token:", "Tokens"],
  ["login", "Sign-ins"],
  ["owner:", "The owner's access"],
  ["read:", "Reading"],
] as const;
const outcomes = [
  ["", "Every outcome"],
  ["done", "Done"],
  ["refused", "Refused"],
  ["failed", "Failed"],
] as const;
const periods = [
  ["", "Ever"],
  ["1", "Last day"],
  ["7", "Last week"],
  ["30", "Last month"],
] as const;
const dayMs = 86_400_000;

/** Everything that was done and refused, for owners: filtered, read page by page, or as a file. */
export function AuditScreen() {
  const may = useMay();
  const [actor, setActor] = useState("");
  const [action, setAction] = useState("");
  const [outcome, setOutcome] = useState("");
  const [since, setSince] = useState<{ days: string; at: string | null }>({ days: "", at: null });
  const [round, setRound] = useState(0);
  const wantedActor = useDeferredValue(actor.trim());
  const query: AuditQuery = {
    actor: wantedActor === "" ? null : wantedActor,
    action: action === "" ? null : action,
    outcome: outcome === "" ? null : outcome,
    since: since.at,
  };
  if (may.role === null) return <Placeholder lines={8} />;
  const whyNot = may.whyNot("audit");
  if (whyNot !== null) {
    return (
      <Empty icon={ScrollText} title="The audit log is for owners">
        <Locked>{whyNot}</Locked>
      </Empty>
    );
  }
  const file = new URLSearchParams(
    Object.entries(query).flatMap(([key, value]) => (value ? [[key, value]] : [])),
  );
  return (
    <div className="mx-auto flex h-full max-w-5xl flex-col pt-4 sm:px-6 sm:pt-6">
      <header className="flex flex-wrap items-center gap-2 px-4 pb-3">
        <h1 className="mr-auto text-lg font-semibold tracking-tight max-sm:w-full">Audit log</h1>
        <Input
          type="search"
          aria-label="Person, by the whole name or id"
          placeholder="Person"
          value={actor}
          onChange={(event) => setActor(event.target.value)}
          className="!h-8 !w-36 pointer-coarse:!h-10"
        />
        <Select
          aria-label="Action"
          value={action}
          onChange={(event) => setAction(event.target.value)}
          className="!h-8 !w-auto pointer-coarse:!h-10"
        >
          {actions.map(([value, word]) => (
            <option key={value} value={value}>
              {word}
            </option>
          ))}
        </Select>
        <Select
          aria-label="Outcome"
          value={outcome}
          onChange={(event) => setOutcome(event.target.value)}
          className="!h-8 !w-auto pointer-coarse:!h-10"
        >
          {outcomes.map(([value, word]) => (
            <option key={value} value={value}>
              {word}
            </option>
          ))}
        </Select>
        <Select
          aria-label="Since"
          value={since.days}
          onChange={({ target: { value } }) =>
            setSince({
              days: value,
              at: value === "" ? null : new Date(Date.now() - Number(value) * dayMs).toISOString(),
            })
          }
          className="!h-8 !w-auto pointer-coarse:!h-10"
        >
          {periods.map(([value, word]) => (
            <option key={value} value={value}>
              {word}
            </option>
          ))}
        </Select>
        <Button kind="quiet" size="icon" aria-label="Read again" onClick={() => setRound(round + 1)}>
          <RefreshCw aria-hidden />
        </Button>
        <Button
          size="md"
          onClick={() => {
            void saveAudit(file).then((problem) => problem && toast.error(problem.message));
          }}
        >
          <Download aria-hidden /> JSONL
        </Button>
      </header>
      <Entries key={`${file.toString()} ${String(round)}`} query={query} />
    </div>
  );
}

function Entries({ query }: { query: AuditQuery }) {
  const { entries, next, problem, earlier } = useAudit(query);
  if (problem) {
    return (
      <div className="p-4">
        <Trouble message={problem.message} fix={problem.fix} />
      </div>
    );
  }
  if (entries.length === 0) {
    return next === null ? (
      <Empty icon={ScrollText} title="Nothing fits">
        Widen the filters to see more of the log.
      </Empty>
    ) : (
      <Placeholder lines={8} />
    );
  }
  const lines = next === null ? entries : [...entries, "earlier" as const];
  return (
    <VirtualList
      entries={lines}
      keyOf={(line) => (line === "earlier" ? line : String(line.seq))}
      estimate={42}
      label="Audit entries"
      className="flex-1 border-line bg-surface sm:rounded-t-xl sm:border"
    >
      {(line) => (line === "earlier" ? <Earlier onShown={earlier} /> : <AuditRow entry={line} />)}
    </VirtualList>
  );
}

/** Stands at the end of what is known, and asks for more as soon as it is drawn. */
function Earlier({ onShown }: { onShown: () => void }) {
  useEffect(() => onShown(), [onShown]);
  return (
    <p role="status" className="px-4 py-2 text-xs text-faint">
      Reading what was before …
    </p>
  );
}
