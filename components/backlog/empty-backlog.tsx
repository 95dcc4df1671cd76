import { ListTree } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";
import { CommandLine } from "#components/ui/command-line.tsx";
import { Empty } from "#components/ui/empty.tsx";
import type { RepositoryView } from "#lib/contract/wire.ts";

/** Teaches the first item, by hand or by the tracker's own command. */
export function EmptyBacklog({
  repository,
  hasRepositories,
  action,
}: {
  repository: RepositoryView | null;
  hasRepositories: boolean;
  action: ReactNode;
}) {
  if (!hasRepositories) {
    return (
      <Empty icon={ListTree} title="No backlog yet">
        <p className="mb-4">A backlog belongs to a repository. Register one, and its items stand here.</p>
        <Button asChild size="md" kind="primary">
          <Link href="/repositories">Register a repository</Link>
        </Button>
      </Empty>
    );
  }
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
