"use client";

import { Send, Trash2 } from "lucide-react";
import { useState } from "react";
import { useCommand } from "#components/live/use-command.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Confirm } from "#components/ui/confirm.tsx";
import { Since } from "#components/ui/since.tsx";
import { toast } from "#components/ui/toast.ts";
import { visibleText } from "#components/ui/visible-text.ts";
import type { WebhookView } from "#lib/contract/wire.ts";

type Delivery = WebhookView["deliveries"][number];

const formatWord: Readonly<Record<WebhookView["format"], string>> = { json: "JSON", slack: "Slack" };
const stateLook = {
  delivered: { word: "delivered", tone: "good" },
  waiting: { word: "waiting", tone: "attention" },
  "given-up": { word: "given up", tone: "bad" },
} as const satisfies Record<Delivery["state"], { word: string; tone: string }>;

/** How many messages are shown before the rest is asked for. */
const shownAtFirst = 5;

/** One address with its last messages, tried out or removed here. */
export function WebhookCard({ webhook, onChanged }: { webhook: WebhookView; onChanged: () => void }) {
  const { id, target, format, allowPrivate, by, createdAt, deliveries } = webhook;
  const test = useCommand("webhook:test");
  const remove = useCommand("webhook:remove");
  const [isAsked, setIsAsked] = useState(false);
  const [isWhole, setIsWhole] = useState(false);
  const tryIt = async () => {
    const result = await test.run({ webhook: id });
    if (!result) return;
    if (result.ok) toast.success(`It answered ${String(result.status)}`);
    else toast.error("Not delivered", { description: result.problem ?? undefined, duration: 12_000 });
  };
  const shown = isWhole ? deliveries : deliveries.slice(0, shownAtFirst);
  return (
    <section
      aria-label={`Webhook ${id}`}
      className="overflow-hidden rounded-xl border border-line bg-surface shadow-card"
    >
      <header className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3">
        <div className="mr-auto min-w-0">
          <h2 className="font-mono text-sm font-medium [overflow-wrap:anywhere]">{target}</h2>
          <p className="flex flex-wrap items-center gap-x-1.5 gap-y-1 text-xs text-muted">
            <span className="font-mono">{id}</span> · {formatWord[format]} · {visibleText(by)},{" "}
            <Since at={createdAt} /> ago
            {allowPrivate && <Badge tone="attention">may be on this network</Badge>}
          </p>
        </div>
        <div className="flex gap-2">
          <Button busy={test.busy} onClick={() => void tryIt()} aria-label={`Send a test message to ${id}`}>
            <Send aria-hidden /> Test
          </Button>
          <Button
            kind="danger"
            busy={remove.busy}
            onClick={() => setIsAsked(true)}
            aria-label={`Remove ${id}`}
          >
            <Trash2 aria-hidden /> Remove
          </Button>
        </div>
      </header>
      {deliveries.length === 0 ? (
        <p className="border-t border-line px-4 py-2.5 text-xs text-faint">Nothing has been sent yet.</p>
      ) : (
        <ol aria-label={`Messages of ${id}`} className="divide-y divide-line border-t border-line">
          {shown.map((delivery) => (
            <DeliveryRow key={delivery.id} delivery={delivery} />
          ))}
        </ol>
      )}
      {deliveries.length > shown.length && (
        <Button kind="quiet" className="m-2" onClick={() => setIsWhole(true)}>
          {deliveries.length - shown.length} more
        </Button>
      )}
      {isAsked && (
        <Confirm
          title={`Remove ${id}?`}
          action="Remove it"
          onClose={() => setIsAsked(false)}
          onConfirm={() => void remove.run({ webhook: id }).then((done) => done && onChanged())}
        >
          {target} is told nothing any more, and its secret is forgotten.
        </Confirm>
      )}
    </section>
  );
}

function DeliveryRow({ delivery: { at, text, state, attempts, problem, endedAt } }: { delivery: Delivery }) {
  const { word, tone } = stateLook[state];
  return (
    <li className="flex items-start gap-3 px-4 py-2 text-xs">
      <Badge tone={tone} className="mt-px w-16 shrink-0 justify-center">
        {word}
      </Badge>
      <div className="min-w-0 flex-1">
        <p className="[overflow-wrap:anywhere]">{visibleText(text)}</p>
        {problem !== null && (
          <p className="text-muted [overflow-wrap:anywhere]">
            {attempts > 1 && `Tried ${String(attempts)} times: `}
            {visibleText(problem)}
          </p>
        )}
      </div>
      <span className="shrink-0 text-faint">
        <Since at={endedAt ?? at} /> ago
      </span>
    </li>
  );
}
