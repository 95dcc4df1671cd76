"use client";

import { useState } from "react";
import { useCommand } from "#components/live/use-command.ts";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field, Select } from "#components/ui/field.tsx";
import { Modal } from "#components/ui/modal.tsx";
import type { RoleName } from "#lib/contract/wire.ts";
import { NameAndRole } from "./name-and-role.tsx";
import { roleWords } from "./role-words.ts";
import { SecretOnce } from "#components/ui/secret-once.tsx";

const lifetimes = [
  [1, "one hour"],
  [24, "a day"],
  [72, "three days"],
  [168, "a week"],
] as const;

/** Makes a link for somebody, and shows it once with its QR code. */
export default function InviteDialog({ onClose }: { onClose: () => void }) {
  const { run, busy } = useCommand("team:invite");
  const [name, setName] = useState("");
  const [role, setRole] = useState<RoleName>("operator");
  const [hours, setHours] = useState(24);
  const [reusable, setReusable] = useState(false);
  const [url, setUrl] = useState<string | null>(null);
  const invite = async () => {
    const isReusable = reusable && role === "viewer";
    const done = await run({ name: name.trim(), role, hours, reusable: isReusable });
    if (done) setUrl(done.url);
  };
  if (url !== null) {
    return (
      <Modal
        open
        keepOnOutsideClick
        onOpenChange={(open) => !open && onClose()}
        title={`Invitation for ${name.trim()}`}
        description={`Let them scan it, or send it by a way that only they can read. It ends in ${lifetimes.find(([each]) => each === hours)?.[1] ?? ""}.`}
      >
        <div className="flex flex-col gap-4 overflow-y-auto p-5 pt-4">
          <SecretOnce value={url} label="invitation link" isLink />
          <Button size="md" kind="primary" className="self-end" onClick={onClose}>
            Done
          </Button>
        </div>
      </Modal>
    );
  }
  return (
    <Modal
      open
      keepOnOutsideClick={name !== ""}
      onOpenChange={(open) => !open && onClose()}
      title="Invite somebody"
      description="They come in by a link, and everything that they do carries their name."
    >
      <form
        className="flex flex-col gap-4 overflow-y-auto p-5 pt-4"
        onSubmit={(event) => {
          event.preventDefault();
          void invite();
        }}
      >
        <NameAndRole name={name} onName={setName} role={role} onRole={setRole} roleHint={roleWords[role]} />
        <Field label="The link is good for">
          {(described) => (
            <Select {...described} value={hours} onChange={(event) => setHours(Number(event.target.value))}>
              {lifetimes.map(([each, word]) => (
                <option key={each} value={each}>
                  {word}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {role === "viewer" ? (
          <label className="flex items-start gap-2.5 text-sm">
            <span className="mt-0.5 inline-flex">
              <Checkbox checked={reusable} onChange={(event) => setReusable(event.target.checked)} />
            </span>
            <span>
              For several people
              <span className="block text-xs text-muted">
                Each gives a name of their own when they come in.
              </span>
            </span>
          </label>
        ) : (
          <p className="text-xs text-faint">It lets in one person, once.</p>
        )}
        <div className="flex justify-end gap-2">
          <Button size="md" kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button size="md" kind="primary" type="submit" busy={busy} disabled={name.trim() === ""}>
            Make the link
          </Button>
        </div>
      </form>
    </Modal>
  );
}
