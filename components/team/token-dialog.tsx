"use client";

import { useState } from "react";
import { useCommand } from "#components/live/use-command.ts";
import { Button } from "#components/ui/button.tsx";
import { Field, Select } from "#components/ui/field.tsx";
import { Modal } from "#components/ui/modal.tsx";
import type { RoleName } from "#lib/contract/wire.ts";
import { NameAndRole } from "./name-and-role.tsx";
import { SecretOnce } from "#components/ui/secret-once.tsx";

/** Makes a bearer token for a script, and shows it once. */
export default function TokenDialog({ onClose }: { onClose: () => void }) {
  const { run, busy } = useCommand("token:create");
  const [name, setName] = useState("");
  const [role, setRole] = useState<RoleName>("viewer");
  const [days, setDays] = useState("90");
  const [secret, setSecret] = useState<string | null>(null);
  const make = async () => {
    const done = await run({ name: name.trim(), role, days: days === "" ? null : Number(days) });
    if (done) setSecret(done.secret);
  };
  return (
    <Modal
      open
      keepOnOutsideClick={name !== ""}
      onOpenChange={(open) => !open && onClose()}
      title={secret === null ? "A token for a script" : `Token ${name.trim()}`}
      description="A script sends it as “Authorization: Bearer …”. What it does carries your name and the token's."
    >
      {secret !== null ? (
        <div className="flex flex-col gap-4 p-5 pt-4">
          <SecretOnce value={secret} label="token" isLink={false} />
          <Button size="md" kind="primary" className="self-end" onClick={onClose}>
            Done
          </Button>
        </div>
      ) : (
        <form
          className="flex flex-col gap-4 overflow-y-auto p-5 pt-4"
          onSubmit={(event) => {
            event.preventDefault();
            void make();
          }}
        >
          <NameAndRole
            name={name}
            onName={setName}
            role={role}
            onRole={setRole}
            nameHint="Such as “nightly report”."
          />
          <Field label="It is good for">
            {(described) => (
              <Select {...described} value={days} onChange={(event) => setDays(event.target.value)}>
                <option value="7">a week</option>
                <option value="90">90 days</option>
                <option value="365">a year</option>
                <option value="">until it is revoked</option>
              </Select>
            )}
          </Field>
          <div className="flex justify-end gap-2">
            <Button size="md" kind="quiet" onClick={onClose}>
              Cancel
            </Button>
            <Button size="md" kind="primary" type="submit" busy={busy} disabled={name.trim() === ""}>
              Make the token
            </Button>
          </div>
        </form>
      )}
    </Modal>
  );
}
