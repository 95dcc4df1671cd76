import type { WebhookView } from "#lib/contract/wire.ts";
import type { EffectRow, SessionStore, WebhookRow } from "../sessions/ports.ts";
import { newsText } from "./webhook-message.ts";

const shownDeliveries = 20;

/** One webhook, its messages one after the other. */
export function webhookLane(id: string): string {
  return `webhook:${id}`;
}

export async function readWebhooks(store: SessionStore): Promise<WebhookView[]> {
  return Promise.all((await store.webhooks()).map((row) => webhookView(store, row)));
}

/** Without its secret and without the path of its address, which often is one too. */
export async function webhookView(
  store: Pick<SessionStore, "effectsOf">,
  { id, url, format, allowPrivate, by, createdAt }: WebhookRow,
): Promise<WebhookView> {
  const { origin, pathname, search } = new URL(url);
  const effects = await store.effectsOf(webhookLane(id), shownDeliveries);
  return {
    id,
    target: pathname === "/" && search === "" ? origin : `${origin}/…`,
    format,
    allowPrivate,
    by,
    createdAt,
    deliveries: effects.flatMap(deliveryOf),
  };
}

function deliveryOf({ intent, attempts, problem, doneAt, createdAt }: EffectRow) {
  if (intent.kind !== "webhook") return [];
  const state = doneAt === null ? "waiting" : problem === null ? "delivered" : "given-up";
  const text = newsText(intent.news);
  return [{ id: intent.id, at: createdAt, text, state, attempts, problem, endedAt: doneAt } as const];
}
