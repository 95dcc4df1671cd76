import { ArchiveRestore, Trash2 } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { toast } from "#components/ui/toast.ts";
import { useCommand } from "#components/live/use-command.ts";
import { useMay } from "#components/live/use-may.ts";
import { Button } from "#components/ui/button.tsx";
import { MayButton } from "#components/ui/may-button.tsx";
import { ChangeSize } from "#components/ui/change-size.tsx";
import { Modal } from "#components/ui/modal.tsx";
import { Since } from "#components/ui/since.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { ArchiveView } from "#lib/contract/wire.ts";

/** One archive: whose, since when and why, how much, and where it was restored to. */
export function ArchiveRow({ archive }: { archive: ArchiveView }) {
  const { whyNot } = useMay();
  const restore = useCommand("archive:restore");
  const { repository, session, item, commit, keptAt, why, merged, changes, branches } = archive;
  const restoreIt = async () => {
    const restored = await restore.run({ repository, archive: commit });
    if (restored)
      toast.success(`Restored to ${restored.branch}`, { description: "Nothing else was touched." });
  };
  return (
    <div className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3 text-sm">
      <div className="min-w-0 flex-1 basis-72">
        <p className="[overflow-wrap:anywhere]">
          <Link
            data-nav
            href={`/sessions/${session}`}
            className="mr-1 font-mono text-xs text-muted hover:text-text"
          >
            {item?.id ?? session}
          </Link>{" "}
          <span className="font-medium">{visibleText(item?.title ?? archive.subject)}</span>
        </p>
        <p className="mt-0.5 flex flex-wrap items-center gap-x-3 gap-y-0.5 text-xs text-muted">
          <span className="font-mono">{commit.slice(0, 12)}</span>
          {keptAt && (
            <span>
              kept <Since at={keptAt} /> ago
            </span>
          )}
          {why && <span>{visibleText(why)}</span>}
          {merged ? (
            <span className="text-good">landed</span>
          ) : (
            changes && (
              <>
                {changes.files} {changes.files === 1 ? "file" : "files"} <ChangeSize {...changes} />
              </>
            )
          )}
          {branches.length > 0 && (
            <span className="font-mono [overflow-wrap:anywhere]">
              in {branches.map(visibleText).join(", ")}
            </span>
          )}
        </p>
      </div>
      <div className="flex gap-2">
        {branches.length === 0 && (
          <MayButton whyNot={whyNot("archive:restore")} busy={restore.busy} onClick={() => void restoreIt()}>
            <ArchiveRestore aria-hidden /> Restore
          </MayButton>
        )}
        <RemoveButton archive={archive} />
      </div>
    </div>
  );
}

/** What no branch holds is lost with its archive, so that is asked. */
function RemoveButton({ archive }: { archive: ArchiveView }) {
  const { run, busy } = useCommand("archive:remove");
  const { whyNot } = useMay();
  const [isOpen, setOpen] = useState(false);
  const { repository, commit, merged, branches } = archive;
  const isSafe = merged || branches.length > 0;
  const remove = async () => {
    if (await run({ repository, archive: commit, force: !isSafe })) toast.success("Removed");
    setOpen(false);
  };
  return (
    <>
      <MayButton
        whyNot={whyNot("archive:remove")}
        kind="quiet"
        size="icon"
        aria-label={`Remove ${commit.slice(0, 12)}`}
        busy={busy}
        onClick={() => (isSafe ? void remove() : setOpen(true))}
      >
        <Trash2 aria-hidden />
      </MayButton>
      <Modal
        open={isOpen}
        onOpenChange={setOpen}
        title="Let this work go for good?"
        description="No branch holds it. Once git collects its garbage nobody can bring it back."
      >
        <div className="flex justify-end gap-2 p-5 pt-3">
          <Button size="md" kind="quiet" onClick={() => setOpen(false)}>
            Keep it
          </Button>
          <Button size="md" kind="danger" busy={busy} onClick={() => void remove()}>
            Remove for good
          </Button>
        </div>
      </Modal>
    </>
  );
}
