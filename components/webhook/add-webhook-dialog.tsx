"use client";

import { useState } from "react";
import { useCommand } from "#components/live/use-command.ts";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field, Input } from "#components/ui/field.tsx";
import { Modal } from "#components/ui/modal.tsx";
import { SecretOnce } from "#components/ui/secret-once.tsx";
import { Segments } from "#components/ui/segments.tsx";
import type { WebhookView } from "#lib/contract/wire.ts";
import { newSecret } from "./new-secret.ts";

/** Names an address, and shows once the secret that its messages are signed with. */
export default function AddWebhookDialog({ onAdded, onClose }: { onAdded: () => void; onClose: () => void }) {
  const { run, busy } = useCommand("webhook:add");
  const [url, setUrl] = useState("");
  const [format, setFormat] = useState<WebhookView["format"]>("json");
  const [allowPrivate, setAllowPrivate] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const add = async () => {
    const made = newSecret();
    const done = await run({ url: url.trim(), format, secret: made, allowPrivate });
    if (!done) return;
    onAdded();
    // Slack's incoming webhooks look at no signature.
    if (format === "slack") onClose();
    else setSecret(made);
  };
  return (
    <Modal
      open
      keepOnOutsideClick={url !== ""}
      onOpenChange={(open) => !open && onClose()}
      title={secret === null ? "Add a webhook" : "It is told from now on"}
      description={
        secret === null
          ? "It is called with POST as soon as something needs a person."
          : "Every message carries x-amplify-signature: t=<seconds>,v1=<hex>, the HMAC-SHA256 of <seconds>.<body> with this secret."
      }
    >
      {secret !== null ? (
        <div className="flex flex-col gap-4 p-5 pt-4">
          <SecretOnce value={secret} label="secret" isLink={false} />
          <Button size="md" kind="primary" className="self-end" onClick={onClose}>
            Done
          </Button>
        </div>
      ) : (
        <form
          className="flex flex-col gap-4 overflow-y-auto p-5 pt-4"
          onSubmit={(event) => {
            event.preventDefault();
            void add();
          }}
        >
          <Field
            label="Address"
            hint="An https address. Its path is never shown again, since it often is a secret."
          >
            {(described) => (
              <Input
                {...described}
                required
                autoFocus
                type="url"
                maxLength={2000}
                placeholder="https://"
                autoComplete="off"
                spellCheck={false}
                value={url}
                onChange={(event) => setUrl(event.target.value)}
              />
            )}
          </Field>
          <div className="flex flex-col gap-1">
            <span className="text-xs font-medium text-muted">What it understands</span>
            <Segments
              label="What it understands"
              value={format}
              onChange={setFormat}
              choices={[
                ["json", "JSON"],
                ["slack", "Slack and its likes"],
              ]}
            />
          </div>
          <label className="flex items-start gap-2 text-xs text-muted">
            <span className="mt-px inline-flex">
              <Checkbox checked={allowPrivate} onChange={(event) => setAllowPrivate(event.target.checked)} />
            </span>
            It may be on this machine or its network, also without https
          </label>
          <div className="flex justify-end gap-2">
            <Button size="md" kind="quiet" onClick={onClose}>
              Cancel
            </Button>
            <Button size="md" kind="primary" type="submit" busy={busy} disabled={url.trim() === ""}>
              Add it
            </Button>
          </div>
        </form>
      )}
    </Modal>
  );
}
