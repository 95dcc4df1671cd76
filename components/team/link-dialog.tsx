"use client";

import { useEffect, useRef, useState } from "react";
import { useCommand } from "#components/live/use-command.ts";
import { Modal } from "#components/ui/modal.tsx";
import { Placeholder } from "#components/ui/placeholder.tsx";
import { SecretOnce } from "#components/ui/secret-once.tsx";

/** A one-time link for another browser of the person's own, such as a phone. */
export default function LinkDialog({ onClose }: { onClose: () => void }) {
  const { run } = useCommand("team:link");
  const [url, setUrl] = useState<string | null>(null);
  const isAsked = useRef(false);
  useEffect(() => {
    if (isAsked.current) return;
    isAsked.current = true;
    void run({}).then((done) => (done ? setUrl(done.url) : onClose()));
  }, [run, onClose]);
  return (
    <Modal
      open
      keepOnOutsideClick
      onOpenChange={(open) => !open && onClose()}
      title="Another device of yours"
      description="Open this link there. It works once, for ten minutes."
    >
      <div className="overflow-y-auto p-5 pt-4">
        {url === null ? <Placeholder lines={3} /> : <SecretOnce value={url} label="link" isLink />}
      </div>
    </Modal>
  );
}
