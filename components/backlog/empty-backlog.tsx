import { ListTree } from "lucide-react";
import type { ReactNode } from "react";
import { CommandLine } from "#components/ui/command-line.tsx";
import { Empty } from "#components/ui/empty.tsx";
import type { RepositoryView } from "#lib/contract/wire.ts";

/** Teaches the first item, by hand or by the tracker's own command. */
export function EmptyBacklog({
  repository,
  action,
}: {
  repository: RepositoryView | null;
  action: ReactNode;
}) {
  return (
    <Empty icon={ListTree} title="The backlog is empty">
      <p className="mb-4">
        {repository?.source === "beads"
          ? "Items of Beads appear here as soon as they exist."
          : "Write down what is to be done. What nothing holds back can be dispatched at once."}
      </p>
      {action}
      {repository?.source === "beads" && (
        <div className="mt-4 text-left">
          <p className="mb-1.5 text-center text-xs text-faint">or in the repository</p>
          <CommandLine command={'bd create "What is to be done"'} />
        </div>
      )}
    </Empty>
  );
}
