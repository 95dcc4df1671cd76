import type { WebhookView } from "#lib/contract/wire.ts";
import { ago, oid } from "./sessions.ts";

type Delivery = WebhookView["deliveries"][number];

const delivery = (minutes: number, text: string, more: Partial<Delivery> = {}): Delivery => ({
  id: `question@${oid(text).slice(0, 12)}`,
  at: ago(minutes * 60_000),
  text,
  state: "delivered",
  attempts: 1,
  problem: null,
  endedAt: ago(minutes * 60_000),
  ...more,
});

/** Who is told, in memory; nothing goes out. */
export class StoryWebhooks {
  #all: WebhookView[] = [
    {
      id: "wh-4k2p9x",
      target: "https://hooks.chat.example/…",
      format: "slack",
      allowPrivate: false,
      by: "mara",
      createdAt: ago(9 * 86_400_000),
      deliveries: [
        delivery(
          4,
          "Question: bd-ui.12 Keyboard focus is lost after closing a dialog in harbour: After how long should a webhook go to the dead-letter table?",
          { state: "waiting", attempts: 3, problem: "It answered 503.", endedAt: null },
        ),
        delivery(
          31,
          "Question: bd-pay.2 Retry failed webhooks in harbour (unblocks 1 item): After how long should a webhook go to the dead-letter table?",
        ),
        delivery(70, "Rejected: bd-mail.1 Send mail in the background in harbour: The council rejected it.", {
          state: "given-up",
          attempts: 9,
          problem: "connect ECONNREFUSED",
        }),
      ],
    },
    {
      id: "wh-8d1q0z",
      target: "http://127.0.0.1:9123/…",
      format: "json",
      allowPrivate: true,
      by: "mara",
      createdAt: ago(3_600_000),
      deliveries: [],
    },
  ];

  list(): WebhookView[] {
    return this.#all;
  }

  add(order: { url: string; format: WebhookView["format"]; allowPrivate: boolean }): WebhookView {
    const { format, allowPrivate } = order;
    const added: WebhookView = {
      id: `wh-${oid(order.url).slice(0, 6)}`,
      target: `${new URL(order.url).origin}/…`,
      format,
      allowPrivate,
      by: "mara",
      createdAt: ago(0),
      deliveries: [],
    };
    this.#all = [...this.#all, added];
    return added;
  }

  remove(id: string): WebhookView | undefined {
    const removed = this.#all.find((each) => each.id === id);
    this.#all = this.#all.filter((each) => each !== removed);
    return removed;
  }
}
