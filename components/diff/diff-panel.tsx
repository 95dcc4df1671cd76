"use client";

import dynamic from "next/dynamic";
import { FileDiff } from "lucide-react";
import { useRead } from "#components/live/use-read.ts";
import { Empty } from "#components/ui/empty.tsx";
import { Placeholder } from "#components/ui/placeholder.tsx";
import { Trouble } from "#components/ui/trouble.tsx";
import type { SessionView } from "#lib/contract/wire.ts";

const DiffView = dynamic(() => import("./diff-view.tsx"), {
  ssr: false,
  loading: () => <Placeholder lines={8} />,
});

/** What the session changed so far, committed and not. */
export function DiffPanel({ session }: { session: SessionView }) {
  const { value, problem } = useRead(
    "diff",
    { session: session.id },
    `${session.head ?? ""} ${session.status}`,
  );
  if (problem && !value) {
    return (
      <div className="p-4">
        <Trouble message={problem.message} fix={problem.fix} />
      </div>
    );
  }
  if (!value) return <Placeholder lines={8} />;
  if (value.files.length === 0 && value.uncommitted.length === 0) {
    return (
      <Empty icon={FileDiff} title="No change yet">
        What the agent commits on its branch appears here.
      </Empty>
    );
  }
  return <DiffView diff={value} />;
}
