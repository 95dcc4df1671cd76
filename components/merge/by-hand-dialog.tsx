"use client";

import { useModel } from "#components/live/use-model.ts";
import { Button } from "#components/ui/button.tsx";
import { CommandLine } from "#components/ui/command-line.tsx";
import { Modal } from "#components/ui/modal.tsx";
import type { SessionView } from "#lib/contract/wire.ts";
import { byHandCommands } from "#lib/domain/by-hand.ts";

/** The exact commands that land a session with plain git. */
export default function ByHandDialog({ session, onClose }: { session: SessionView; onClose: () => void }) {
  const repository = useModel((model) => model.repositories.get(session.repository) ?? null);
  if (!repository) return null;
  const { root, base, source } = repository;
  const { item, branch, worktree, summary } = session;
  const commands = byHandCommands({
    root,
    base,
    source,
    item: item.id,
    branch,
    worktree,
    summary,
    title: item.title,
  });
  const [enter, change, merge, commit, close, remove] = commands;
  return (
    <Modal
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Land ${item.id} by hand`}
      description="In a terminal. When the branch is on the base, Amplify sees it by itself, and the session is merged by hand."
      className="max-w-2xl"
    >
      <div className="flex flex-col gap-4 overflow-y-auto p-5 pt-3">
        <Part title="1 · Merge it" commands={[enter, change, merge]} />
        <Part title="2 · Edit the files that conflict, then commit" commands={[commit]} />
        <Part title="3 · Close the item and remove the worktree" commands={[close, remove]} />
        <div className="flex justify-end">
          <Button size="md" onClick={onClose}>
            Done
          </Button>
        </div>
      </div>
    </Modal>
  );
}

function Part({ title, commands }: { title: string; commands: readonly (string | undefined)[] }) {
  return (
    <section className="flex flex-col gap-1.5">
      <h3 className="text-xs font-medium text-muted">{title}</h3>
      {commands.map((command) => command !== undefined && <CommandLine key={command} command={command} />)}
    </section>
  );
}
