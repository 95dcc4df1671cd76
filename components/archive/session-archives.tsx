"use client";

import { ArchiveRestore } from "lucide-react";
import Link from "next/link";
import { useCommand } from "#components/live/use-command.ts";
import { useMay } from "#components/live/use-may.ts";
import { useRead } from "#components/live/use-read.ts";
import { ChangeSize } from "#components/ui/change-size.tsx";
import { MayButton } from "#components/ui/may-button.tsx";
import { toast } from "#components/ui/toast.ts";
import { visibleText } from "#components/ui/visible-text.ts";
import type { ArchiveView, SessionView } from "#lib/contract/wire.ts";

/** Work of a session at rest that was kept before its branch or worktree went, and one click that brings it back. */
export function SessionArchives({ session }: { session: SessionView }) {
  const restore = useCommand("archive:restore");
  const version = `${session.status} ${session.since} ${String(restore.busy)}`;
  const { value } = useRead("archives", { session: session.id }, version);
  const kept = value?.filter(({ merged }) => !merged) ?? [];
  if (kept.length === 0) return null;
  return (
    <section aria-label="Kept work" className="border-b border-line bg-sunken px-4 py-1.5 text-sm sm:px-5">
      <ul className="flex max-h-32 flex-col gap-1 overflow-y-auto">
        {kept.map((archive) => (
          <Kept
            key={archive.ref}
            archive={archive}
            busy={restore.busy}
            onRestore={async () => {
              const restored = await restore.run({ repository: archive.repository, archive: archive.commit });
              if (restored)
                toast.success(`Restored to ${restored.branch}`, { description: "Nothing else was touched." });
            }}
          />
        ))}
      </ul>
    </section>
  );
}

function Kept({
  archive: { commit, why, changes, branches },
  busy,
  onRestore,
}: {
  archive: ArchiveView;
  busy: boolean;
  onRestore: () => Promise<void>;
}) {
  const { whyNot } = useMay();
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span className="min-w-0 flex-1 basis-60 text-muted [overflow-wrap:anywhere]">
        <Link
          href="/archives"
          className="underline decoration-line-strong underline-offset-2 hover:text-text"
        >
          Work is kept
        </Link>
        {why && `: ${visibleText(why)}`} <span className="font-mono text-xs">{commit.slice(0, 12)}</span>{" "}
        {changes && <ChangeSize {...changes} />}
        {branches.length > 0 && (
          <span className="font-mono text-xs"> in {branches.map(visibleText).join(", ")}</span>
        )}
      </span>
      {branches.length === 0 && (
        <MayButton whyNot={whyNot("archive:restore")} busy={busy} onClick={() => void onRestore()}>
          <ArchiveRestore aria-hidden /> Restore
        </MayButton>
      )}
    </li>
  );
}
