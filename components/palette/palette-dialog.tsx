"use client";

import { Command } from "cmdk";
import {
  ChevronsRight,
  CornerDownLeft,
  GitMerge,
  Lock,
  Play,
  Plus,
  Repeat,
  SquareArrowOutUpRight,
} from "lucide-react";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { useState } from "react";
import { toast } from "#components/ui/toast.ts";
import { statusLook } from "#components/live/status-look.ts";
import { useCommand } from "#components/live/use-command.ts";
import { useModel } from "#components/live/use-model.ts";
import { useMay } from "#components/live/use-may.ts";
import { useRepositoryChoice } from "#components/live/use-repository-choice.ts";
import { Modal } from "#components/ui/modal.tsx";
import { Status } from "#components/ui/status.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { CommandName, ItemView } from "#lib/contract/wire.ts";
import { itemMeant } from "./item-meant.ts";
import type { Wish } from "./phrase.ts";
import { wishOf } from "./phrase.ts";

const pages = [
  ["/", "Board"],
  ["/questions", "Inbox"],
  ["/merges", "Merges"],
  ["/backlog", "Backlog"],
  ["/repositories", "Repositories"],
  ["/activity", "Activity"],
  ["/team", "Team"],
  ["/webhooks", "Webhooks"],
] as const;

/** More matches than this are not read by anyone: the search narrows them. */
const shownAtMost = 60;

export default function PaletteDialog({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const router = useRouter();
  const may = useMay();
  const [search, setSearch] = useState("");
  const sessions = useModel((model) => [...model.sessions.values()]) ?? [];
  const items = useModel((model) => [...model.items.values()]) ?? [];
  const ready = items.filter(({ unready }) => unready === null);
  const dispatch = useCommand("session:dispatch");
  const dispatchReady = useCommand("session:dispatch-ready");
  const startLoop = useCommand("loop:start");
  const merge = useCommand("merge:start");
  const { chosen, all } = useRepositoryChoice();
  const wish = wishOf(search);
  const command = wish && commandOf(wish);
  const meantItem = wish?.kind === "dispatch" ? itemMeant(wish.item, items) : null;
  const whyNot =
    wish?.kind === "dispatch" && !meantItem ? `No item fits “${wish.item}”.` : command && may.whyNot(command);
  const needle = search.trim().toLowerCase();
  const matching = sessions
    .filter(({ id, item }) => `${item.id} ${item.title} ${id}`.toLowerCase().includes(needle))
    .slice(0, shownAtMost);

  const close = () => {
    onOpenChange(false);
    setSearch("");
  };
  const go = (href: string) => {
    close();
    router.push(href);
  };
  const start = async ({ repository, id }: ItemView) => {
    close();
    if (await dispatch.run({ repository, item: id })) toast.success(`${id} dispatched`);
  };
  /** The chosen repository, or each in turn. */
  const meant = chosen ? [chosen] : all;
  const startReady = async () => {
    close();
    let begun = 0;
    for (const { id } of meant)
      begun += (await dispatchReady.run({ repository: id }))?.dispatched.length ?? 0;
    toast.success(begun === 0 ? "Nothing was ready" : `${String(begun)} dispatched`);
  };
  const workThrough = async (project: string | null) => {
    close();
    for (const { id } of meant) {
      const done = await startLoop.run({ repository: id, project });
      if (done)
        toast.success(done.started ? "On its way; it asks before landing." : "It was running already.");
    }
  };
  const mergeAll = async () => {
    close();
    let begun = 0;
    for (const { id } of meant) begun += (await merge.run({ repository: id }))?.landings.length ?? 0;
    toast.success(begun === 0 ? "Nothing was approved" : `${String(begun)} on their way to the base`);
  };
  const grant = (asked: Wish) => {
    if (asked.kind === "go") go(asked.href);
    else if (asked.kind === "merge-approved") void mergeAll();
    else if (asked.kind === "dispatch") void (meantItem && start(meantItem));
    else if (asked.kind === "dispatch-ready") void startReady();
    else void workThrough(asked.project);
  };

  return (
    <Modal open={open} onOpenChange={onOpenChange} title="Search and commands" bare className="max-w-xl">
      <Command label="Search and commands" shouldFilter={false} className="flex min-h-0 flex-col" loop>
        <Command.Input
          value={search}
          onValueChange={setSearch}
          placeholder="Search, or say it: “merge the approved work”"
          className="h-12 shrink-0 border-b border-line bg-transparent px-4 text-base outline-none placeholder:text-faint"
        />
        <Command.List className="min-h-0 overflow-y-auto p-1.5">
          <Command.Empty className="px-3 py-8 text-center text-sm text-muted">
            Nothing by that name.
          </Command.Empty>
          {wish && (
            <Row value="wish" whyNot={whyNot} onSelect={() => grant(wish)} icon={<CornerDownLeft />}>
              {sayWish(wish, meantItem)}
            </Row>
          )}
          <Group heading="Actions">
            {"new item write".includes(needle) && (
              <Row
                value="new-item"
                whyNot={may.whyNot("item:create")}
                onSelect={() => go("/backlog?new")}
                icon={<Plus />}
              >
                New item
              </Row>
            )}
            {"work through the backlog loop".includes(needle) && (
              <Row
                value="work-through"
                whyNot={may.whyNot("loop:start")}
                onSelect={() => void workThrough(null)}
                icon={<Repeat />}
              >
                Work through the backlog, asking before landing
              </Row>
            )}
            {"merge all approved".includes(needle) && (
              <Row
                value="merge-all"
                whyNot={may.whyNot("merge:start", chosen?.id)}
                onSelect={() => void mergeAll()}
                icon={<GitMerge />}
              >
                Merge all approved work
              </Row>
            )}
            {"dispatch all everything ready".includes(needle) && ready.length > 1 && (
              <Row
                value="dispatch-ready"
                whyNot={may.whyNot("session:dispatch-ready")}
                onSelect={() => void startReady()}
                icon={<ChevronsRight />}
              >
                Dispatch everything ready
              </Row>
            )}
          </Group>
          <Group heading="Pages">
            {pages
              .filter(([, word]) => word.toLowerCase().includes(needle))
              .map(([href, word]) => (
                <Row key={href} value={href} onSelect={() => go(href)} icon={<SquareArrowOutUpRight />}>
                  {word}
                </Row>
              ))}
          </Group>
          <Group heading="Sessions">
            {matching.map((session) => (
              <Row key={session.id} value={session.id} onSelect={() => go(`/sessions/${session.id}`)}>
                <span className="font-mono text-xs text-muted">{session.item.id}</span>
                <span className="min-w-0 flex-1 truncate">{visibleText(session.item.title)}</span>
                <Status {...statusLook(session)} />
              </Row>
            ))}
          </Group>
          <Group heading="Ready">
            {ready
              .filter(({ id, title }) => `dispatch ${id} ${title}`.toLowerCase().includes(needle))
              .slice(0, shownAtMost)
              .map((item) => (
                <Row
                  key={item.id}
                  value={`dispatch ${item.repository} ${item.id}`}
                  whyNot={may.whyNot("session:dispatch")}
                  onSelect={() => void start(item)}
                  icon={<Play />}
                >
                  Dispatch <span className="font-mono text-xs text-muted">{item.id}</span>
                  <span className="min-w-0 flex-1 truncate">{visibleText(item.title)}</span>
                </Row>
              ))}
          </Group>
        </Command.List>
      </Command>
    </Modal>
  );
}

/** What granting it asks the server for; null for going to a page. */
function commandOf({ kind }: Wish): CommandName | null {
  switch (kind) {
    case "go":
      return null;
    case "merge-approved":
      return "merge:start";
    case "dispatch":
      return "session:dispatch";
    case "dispatch-ready":
      return "session:dispatch-ready";
    case "work-through":
      return "loop:start";
  }
}

function sayWish(wish: Wish, item: ItemView | null): string {
  switch (wish.kind) {
    case "go":
      return wish.href === "/" ? "Show the board" : "Show the open questions";
    case "merge-approved":
      return "Merge all approved work";
    case "dispatch":
      return item ? `Dispatch ${item.id}: ${visibleText(item.title)}` : `Dispatch ${wish.item}`;
    case "dispatch-ready":
      return "Dispatch everything ready";
    case "work-through":
      return `Work through ${wish.project ?? "the backlog"}, asking before landing`;
  }
}

function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="not-has-[[cmdk-item]]:hidden [&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2.5 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-faint"
    >
      {children}
    </Command.Group>
  );
}

function Row({
  value,
  whyNot = null,
  onSelect,
  icon,
  children,
}: {
  value: string;
  /** Why it is not for this person: it is told in the place of doing it. */
  whyNot?: string | null;
  onSelect: () => void;
  icon?: ReactNode;
  children: ReactNode;
}) {
  const isLocked = whyNot !== null;
  return (
    <Command.Item
      value={value}
      onSelect={isLocked ? () => toast.info(whyNot) : onSelect}
      data-locked={isLocked || undefined}
      className="flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 text-sm data-locked:cursor-default data-locked:text-faint data-[selected=true]:bg-hover [&>svg]:size-3.5 [&>svg]:shrink-0 [&>svg]:text-faint"
    >
      {isLocked ? <Lock aria-hidden /> : icon}
      <span className="flex min-w-0 shrink-0 items-center gap-2.5 has-[.flex-1]:shrink has-[.flex-1]:flex-1">
        {children}
      </span>
      {isLocked && <span className="ml-auto min-w-0 truncate text-xs">{whyNot}</span>}
    </Command.Item>
  );
}
