"use client";

import { X } from "lucide-react";
import type { ComponentType, ReactNode } from "react";
import { useRead } from "#components/live/use-read.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Copy } from "#components/ui/copy.tsx";
import { Markdown } from "#components/ui/markdown.tsx";
import { Placeholder } from "#components/ui/placeholder.tsx";
import { Trouble } from "#components/ui/trouble.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { ItemView } from "#lib/contract/wire.ts";

/** All that the tracker says of one item, beside the list; over it on a small screen. */
export function ItemPanel({
  item,
  onClose,
  onChoose,
  Dispatch,
}: {
  item: ItemView;
  onClose: () => void;
  onChoose: (id: string) => void;
  Dispatch: ComponentType<{ item: ItemView }>;
}) {
  const { value, problem } = useRead("item", { repository: item.repository, item: item.id }, item.updatedAt);
  const needs = value?.dependencies.filter(({ from }) => from === item.id) ?? [];
  const neededBy = value?.dependencies.filter(({ to }) => to === item.id) ?? [];
  const link = (id: string, kind: string) => (
    <button
      key={`${id} ${kind}`}
      type="button"
      onClick={() => onChoose(id)}
      className="flex items-center gap-2 rounded py-0.5 font-mono text-xs hover:underline"
    >
      {id} <span className="font-sans text-faint">{kind}</span>
    </button>
  );
  return (
    <aside
      aria-label={`Item ${item.id}`}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
      className="flex w-104 shrink-0 flex-col overflow-y-auto border-l border-line bg-surface max-lg:fixed max-lg:inset-0 max-lg:z-30 max-lg:w-auto max-lg:border-0"
    >
      <header className="sticky top-0 bg-surface px-5 pt-4 pb-3">
        <div className="flex items-center gap-2">
          <Copy value={item.id} label="item id" />
          <Button kind="quiet" size="icon" className="ml-auto" aria-label="Close" onClick={onClose}>
            <X aria-hidden />
          </Button>
        </div>
        <h2 className="text-base font-semibold [overflow-wrap:anywhere]">{visibleText(item.title)}</h2>
        <div className="mt-2 flex flex-wrap items-center gap-1.5">
          <Badge>P{item.priority}</Badge>
          <Badge>{item.type}</Badge>
          <Badge>{item.status}</Badge>
          {item.assignee !== null && <Badge>{visibleText(item.assignee)}</Badge>}
          {item.labels.map((label) => (
            <Badge key={label}>{visibleText(label)}</Badge>
          ))}
        </div>
      </header>
      <div className="flex flex-col gap-5 px-5 pb-6">
        {item.unready === null ? (
          <div>
            <Dispatch item={item} />
          </div>
        ) : (
          <p className="text-xs text-muted">Cannot start: {visibleText(item.unready)}</p>
        )}
        {problem && !value && <Trouble message={problem.message} fix={problem.fix} />}
        {!value && !problem && <Placeholder lines={5} className="p-0" />}
        {value && (
          <>
            <Part name="Description" text={value.description} />
            <Part name="Acceptance" text={value.acceptance} />
            <Part name="Design" text={value.design} />
            <Part name="Notes" text={value.notes} />
            {needs.length > 0 && (
              <Section name="Needs">{needs.map(({ to, kind }) => link(to, kind))}</Section>
            )}
            {neededBy.length > 0 && (
              <Section name="Needed by">{neededBy.map(({ from, kind }) => link(from, kind))}</Section>
            )}
          </>
        )}
      </div>
    </aside>
  );
}

function Part({ name, text }: { name: string; text: string }) {
  return (
    text.trim() !== "" && (
      <Section name={name}>
        <Markdown text={text} className="text-sm" />
      </Section>
    )
  );
}

function Section({ name, children }: { name: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="mb-1 text-xs font-semibold text-muted">{name}</h3>
      {children}
    </section>
  );
}
