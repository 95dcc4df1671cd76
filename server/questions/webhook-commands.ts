import { ProblemError } from "../application.ts";
import type { Clock, PostWebhook } from "../ports.ts";
import type { Handler } from "../sessions/command.ts";
import type { SessionStore, WebhookRow } from "../sessions/ports.ts";
import { webhookMessage } from "./webhook-message.ts";
import { webhookView } from "./webhook-view.ts";

type Names = "webhook:add" | "webhook:remove" | "webhook:test";

const mostWebhooks = 20;

/** Where news of what needs a person go. Nothing is ever sent anywhere that is not configured here. */
export function createWebhookCommands(deps: {
  store: SessionStore;
  clock: Clock;
  post: PostWebhook;
  /** Yields numbers in [0, 1), for ids. */
  random: () => number;
}): { readonly [Name in Names]: Handler<Name> } {
  const { store, clock } = deps;

  return {
    "webhook:add": (input, { actor, settle }) => {
      const url = checkedUrl(input.url, input.allowPrivate);
      return settle(async (at) => {
        if ((await store.webhooks()).length >= mostWebhooks) {
          throw new ProblemError(
            "too-many",
            `There are ${mostWebhooks} webhooks already.`,
            "Remove one first.",
          );
        }
        const { format, secret, allowPrivate } = input;
        const row: WebhookRow = {
          id: `wh-${idSuffix(deps.random)}`,
          url,
          format,
          secret,
          allowPrivate,
          by: actor.name,
          createdAt: at,
          removedAt: null,
        };
        const webhook = await webhookView(store, row);
        return {
          answer: { webhook },
          change: {
            webhooks: [row],
            audit: [
              {
                actor: actor.name,
                action: "webhook:add",
                target: row.id,
                outcome: "done",
                detail: `${webhook.target} ${format}${allowPrivate ? " private" : ""}`,
              },
            ],
          },
        };
      });
    },

    "webhook:remove": ({ webhook: id }, { actor, settle }) =>
      settle(async (at) => {
        const row = await find(id);
        const removed = { ...row, url: new URL(row.url).origin, secret: "", removedAt: at };
        return {
          answer: { webhook: await webhookView(store, row) },
          change: {
            webhooks: [removed],
            audit: [{ actor: actor.name, action: "webhook:remove", target: id, outcome: "done", detail: "" }],
          },
        };
      }),

    "webhook:test": async ({ webhook: id }, { actor, settle }) => {
      const hook = await find(id);
      const result = await send(hook);
      return settle(() =>
        Promise.resolve({
          answer: result,
          change: {
            audit: [
              {
                actor: actor.name,
                action: "webhook:test",
                target: id,
                outcome: result.ok ? "done" : "failed",
                detail: result.problem ?? "",
              },
            ],
          },
        }),
      );
    },
  };

  async function find(id: string): Promise<WebhookRow> {
    const row = (await store.webhooks()).find((each) => each.id === id);
    if (!row)
      throw new ProblemError("not-found", `There is no webhook ${id}.`, "`amplify webhook list` shows them.");
    return row;
  }

  async function send(hook: WebhookRow) {
    const now = clock.now();
    const message = webhookMessage(hook, null, { id: `ping@${now.toISOString()}`, now });
    try {
      const { status } = await deps.post({ url: hook.url, allowPrivate: hook.allowPrivate, ...message });
      const ok = status >= 200 && status < 300;
      return { ok, status, problem: ok ? null : `It answered ${status}.` };
    } catch (error) {
      return { ok: false, status: null, problem: error instanceof Error ? error.message : String(error) };
    }
  }
}

/** The address in its one form; what could never be called is refused at once. */
function checkedUrl(text: string, allowPrivate: boolean): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw new ProblemError("invalid", `${JSON.stringify(text.slice(0, 40))} is no https address.`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new ProblemError("invalid", "An address with a name or password in it is not called.");
  }
  if (url.protocol === "http:" && !allowPrivate) {
    throw new ProblemError(
      "invalid",
      "Without https anybody on the way can read and change what is sent.",
      "Use https, or allow this machine and its network for it: --allow-private.",
    );
  }
  url.hash = "";
  return url.href;
}

function idSuffix(random: () => number): string {
  return Array.from({ length: 6 }, () => Math.floor(random() * 36).toString(36)).join("");
}
