import { expect, it } from "vitest";
import { parseItemId, parseQuestionId, parseRepositoryId, parseSessionId } from "#lib/domain/ids.ts";
import type { WebhookNews } from "../sessions/ports.ts";
import { webhookMessage } from "./webhook-message.ts";

const news: WebhookNews = {
  at: "2026-01-02T03:04:05.000Z",
  repository: "harbour",
  attention: {
    key: "session-t-1-abc123/q-1",
    kind: "question",
    repository: parseRepositoryId("0123456789abcdef"),
    item: { id: parseItemId("t-1"), title: "Ships & <quays>" },
    session: parseSessionId("session-t-1-abc123"),
    question: parseQuestionId("q-1"),
    text: "Use <https://evil.test|this link>,\n<!channel> & co?",
    unblocks: 2,
    since: "2026-01-02T03:04:05.000Z",
  },
};
const sent = (of: WebhookNews | null) => {
  const hook = { format: "slack", secret: "a secret of the receiver's" } as const;
  return JSON.parse(webhookMessage(hook, of, { id: "d-1", now: new Date(0) }).body) as unknown;
};

it("[Q127] Slack gets one line in which nothing that came from outside calls, links or names anybody", () => {
  expect(sent(news)).toEqual({
    text: "Question: t-1 Ships &amp; &lt;quays&gt; in harbour (unblocks 2 items): Use &lt;https://evil.test|this link&gt;, &lt;!channel&gt; &amp; co?",
  });
  expect(sent(null)).toEqual({ text: "A test message of Amplify." });
});
