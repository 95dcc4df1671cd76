import type { WebhookRow } from "#server/sessions/ports.ts";
import type * as Model from "./generated/client.ts";

/** The columns of a webhook. */
export function webhookData({ allowPrivate, ...rest }: WebhookRow) {
  return { ...rest, allowPrivate: allowPrivate ? 1 : 0 };
}

export function webhookOf({ allowPrivate, format, ...rest }: Model.Webhook): WebhookRow {
  return { ...rest, format: format as WebhookRow["format"], allowPrivate: allowPrivate !== 0 };
}
