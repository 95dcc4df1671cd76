import { createHmac } from "node:crypto";
import { attentionWords } from "#lib/domain/attention-words.ts";
import type { WebhookNews, WebhookRow } from "../sessions/ports.ts";

/** One line of what it says. */
export function newsText({ attention, repository }: WebhookNews): string {
  const { kind, item, text, unblocks } = attention;
  const weight = unblocks > 0 ? ` (unblocks ${unblocks} item${unblocks === 1 ? "" : "s"})` : "";
  const said = text.replace(/\s+/g, " ").slice(0, 500);
  return `${attentionWords[kind].name}: ${item.id} ${item.title} in ${repository}${weight}: ${said}`;
}

/** Body and headers of one message. `id` is the same however often it is sent, so that a receiver can tell. */
export function webhookMessage(
  hook: Pick<WebhookRow, "format" | "secret">,
  news: WebhookNews | null,
  { id, now }: { id: string; now: Date },
): { body: string; headers: Readonly<Record<string, string>> } {
  const body = JSON.stringify(hook.format === "slack" ? slackBody(news) : jsonBody(news, id));
  const seconds = Math.floor(now.getTime() / 1000);
  const signature = createHmac("sha256", hook.secret).update(`${seconds}.${body}`).digest("hex");
  return {
    body,
    headers: {
      "content-type": "application/json",
      "user-agent": "amplify-webhook/1",
      "x-amplify-delivery": id,
      "x-amplify-event": news ? "attention" : "ping",
      /** HMAC-SHA256 with the secret over `<t>.<body>`; `t` is Unix time in seconds, so that old messages can be refused. */
      "x-amplify-signature": `t=${seconds},v1=${signature}`,
    },
  };
}

function jsonBody(news: WebhookNews | null, id: string) {
  if (!news) return { version: 1, id, event: "ping", text: "A test message of Amplify." };
  const { at, repository, attention } = news;
  const { kind, item, session, question, text, unblocks, since } = attention;
  return {
    version: 1,
    id,
    event: "attention",
    at,
    kind,
    repository,
    item,
    session,
    question,
    text,
    unblocks,
    since,
  };
}

/** The three characters that mean something to Slack: https://api.slack.com/reference/surfaces/formatting#escaping */
function slackBody(news: WebhookNews | null) {
  const text = news ? newsText(news) : "A test message of Amplify.";
  return { text: text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;") };
}
