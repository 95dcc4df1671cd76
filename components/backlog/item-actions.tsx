"use client";

import { CircleCheck, Pencil } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useMay } from "#components/live/use-may.ts";
import { MayButton } from "#components/ui/may-button.tsx";
import type { ReadOutput } from "#lib/contract/wire.ts";

const ItemDialog = dynamic(() => import("./item-dialog.tsx"), { ssr: false });
const CloseDialog = dynamic(() => import("./close-dialog.tsx"), { ssr: false });

/** What a person may do with an open item besides dispatching it. */
export function ItemActions({
  detail,
  onChanged,
  onClosed,
}: {
  detail: ReadOutput<"item">;
  onChanged: () => void;
  onClosed: () => void;
}) {
  const may = useMay();
  const [asking, setAsking] = useState<"edit" | "close" | null>(null);
  const done = () => setAsking(null);
  return (
    <>
      <MayButton whyNot={may.whyNot("item:edit")} onClick={() => setAsking("edit")}>
        <Pencil aria-hidden /> Edit
      </MayButton>
      <MayButton whyNot={may.whyNot("item:close")} kind="quiet" onClick={() => setAsking("close")}>
        <CircleCheck aria-hidden /> Close
      </MayButton>
      {asking === "edit" && (
        <ItemDialog
          item={detail}
          onClose={done}
          onDone={() => {
            done();
            onChanged();
          }}
        />
      )}
      {asking === "close" && (
        <CloseDialog
          item={detail}
          blocks={detail.downstream}
          onClose={done}
          onDone={() => {
            done();
            onClosed();
          }}
        />
      )}
    </>
  );
}
