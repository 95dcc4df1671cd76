"use client";

import dynamic from "next/dynamic";
import { FileDiff } from "lucide-react";
import { useRead } from "#components/live/use-read.ts";
import type { SessionDetail } from "#components/live/use-session.ts";
import type { Spot } from "#components/live/use-spot.ts";
import { Empty } from "#components/ui/empty.tsx";
import { Placeholder } from "#components/ui/placeholder.tsx";
import { Trouble } from "#components/ui/trouble.tsx";
import type { SessionView } from "#lib/contract/wire.ts";

const DiffView = dynamic(() => import("./diff-view.tsx"), {
  ssr: false,
  loading: () => <Placeholder lines={8} />,
});

interface DiffPanelProps {
  session: SessionView;
  detail: SessionDetail | null;
  spot: Spot | null;
  onShow: (tab: "review", id: string) => void;
}

/** What the session changed so far, committed and not, with what was said about its lines. */
export function DiffPanel({ session, detail, spot, onShow }: DiffPanelProps) {
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
  return <DiffView diff={value} session={session} detail={detail} spot={spot} onShow={onShow} />;
}
