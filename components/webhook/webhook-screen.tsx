"use client";

import { Plus, Webhook } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useMay } from "#components/live/use-may.ts";
import { useRead } from "#components/live/use-read.ts";
import { Button } from "#components/ui/button.tsx";
import { Empty } from "#components/ui/empty.tsx";
import { Locked } from "#components/ui/locked.tsx";
import { Placeholder } from "#components/ui/placeholder.tsx";
import { Trouble } from "#components/ui/trouble.tsx";
import { useNow } from "#components/ui/use-now.ts";
import { WebhookCard } from "./webhook-card.tsx";

const AddWebhookDialog = dynamic(() => import("./add-webhook-dialog.tsx"), { ssr: false });

/** No fact tells of a message that went out, so the page looks again while it is open. */
const readEveryMs = 5000;

/** Which other programs are told when something needs a person, and what became of what they were told; for owners. */
export function WebhookScreen() {
  const may = useMay();
  if (may.role === null) return <Placeholder lines={8} />;
  const whyNot = may.whyNot("webhooks");
  if (whyNot !== null) {
    return (
      <Empty icon={Webhook} title="Webhooks are for owners">
        <Locked>{whyNot}</Locked>
      </Empty>
    );
  }
  return <Webhooks />;
}

function Webhooks() {
  const [changes, setChanges] = useState(0);
  const [isAdding, setIsAdding] = useState(false);
  const beat = Math.floor(useNow() / readEveryMs);
  const { value, problem } = useRead("webhooks", {}, `${String(beat)} ${String(changes)}`);
  const changed = () => setChanges((count) => count + 1);
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto flex max-w-3xl flex-col gap-4 p-4 sm:p-6">
        <header className="flex flex-wrap items-center gap-2">
          <div className="mr-auto">
            <h1 className="text-lg font-semibold tracking-tight">Webhooks</h1>
            <p className="text-sm text-muted">
              Another program, such as a chat, is told of everything that needs a person.
            </p>
          </div>
          <Button size="md" kind="primary" onClick={() => setIsAdding(true)}>
            <Plus aria-hidden /> Add a webhook
          </Button>
        </header>
        {problem && !value && <Trouble message={problem.message} fix={problem.fix} />}
        {!value && !problem && <Placeholder lines={4} />}
        {value?.length === 0 && (
          <Empty icon={Webhook} title="Nothing is sent anywhere">
            Add the address of a chat or of your own program. Every message is signed, and tried again until
            it arrives.
          </Empty>
        )}
        <ul aria-label="Webhooks" className="flex flex-col gap-3">
          {value?.map((webhook) => (
            <li key={webhook.id}>
              <WebhookCard webhook={webhook} onChanged={changed} />
            </li>
          ))}
        </ul>
      </div>
      {isAdding && <AddWebhookDialog onAdded={changed} onClose={() => setIsAdding(false)} />}
    </div>
  );
}
