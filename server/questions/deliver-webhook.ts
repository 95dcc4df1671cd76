import type { Clock, PostWebhook } from "../ports.ts";
import type { Change, EffectRow, Intent, SessionStore } from "../sessions/ports.ts";
import { webhookMessage } from "./webhook-message.ts";

/** With the pauses between effects these take about half an hour. */
const mostAttempts = 10;

type Delivery = Extract<Intent, { kind: "webhook" }>;

/** Sends one message; throws where it has to be tried again. */
export function createDeliver(deps: {
  store: Pick<SessionStore, "webhooks">;
  clock: Clock;
  post: PostWebhook;
}): (effect: EffectRow, delivery: Delivery) => Promise<((at: string) => Promise<Change>) | null> {
  return async (effect, { hook: id, id: delivery, news }) => {
    const hook = (await deps.store.webhooks()).find((each) => each.id === id);
    if (!hook) return giveUp(effect, "The webhook was removed.");
    const message = webhookMessage(hook, news, { id: delivery, now: deps.clock.now() });
    try {
      const { status } = await deps.post({ url: hook.url, allowPrivate: hook.allowPrivate, ...message });
      if (status >= 200 && status < 300) return null;
      throw new Error(`It answered ${status}.`);
    } catch (error) {
      if (effect.attempts + 1 < mostAttempts) throw error;
      return giveUp(effect, error instanceof Error ? error.message : String(error));
    }
  };
}

function giveUp({ id }: EffectRow, problem: string) {
  return () => Promise.resolve({ abandoned: [{ id, problem: problem.slice(0, 1000) }] });
}
