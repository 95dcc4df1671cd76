import { z } from "zod";
import { instant } from "../ids.ts";
import { operation, text } from "./common.ts";

export const webhookFormats = ["json", "slack"] as const;

/** One message that is to go out, and what became of it. */
const deliveryView = z.object({
  /** The `x-amplify-delivery` of the message, the same however often it is sent. */
  id: z.string(),
  at: instant,
  /** One line of what it says. */
  text: z.string(),
  state: z.enum(["delivered", "waiting", "given-up"]),
  attempts: z.number().int(),
  /** Why the last attempt failed. */
  problem: z.string().nullable(),
  endedAt: instant.nullable(),
});

export const webhookView = z.object({
  id: z.string(),
  /** Scheme and host only: the path of such an address is often a secret. */
  target: z.string(),
  format: z.enum(webhookFormats),
  allowPrivate: z.boolean(),
  by: z.string(),
  createdAt: instant,
  /** The newest first. */
  deliveries: z.array(deliveryView),
});
export type WebhookView = z.infer<typeof webhookView>;

const webhookId = text(40).regex(/^wh-[a-z0-9]{6}$/, "is not a webhook's id, such as wh-4k2p9x");

export const webhookCommands = {
  /** The secret signs every message; it is never shown again, so whoever adds it keeps it. */
  "webhook:add": operation(
    "owner",
    z.object({
      url: text(2000).min(1),
      format: z.enum(webhookFormats).default("json"),
      secret: text(200).min(16, "is too short: 16 characters at least"),
      /** It may call this machine and its network, also without https. */
      allowPrivate: z.boolean().default(false),
    }),
    z.object({ webhook: webhookView }),
  ),
  "webhook:remove": operation("owner", z.object({ webhook: webhookId }), z.object({ webhook: webhookView })),
  /** Sends one message now and says what came back. */
  "webhook:test": operation(
    "owner",
    z.object({ webhook: webhookId }),
    z.object({ ok: z.boolean(), status: z.number().int().nullable(), problem: z.string().nullable() }),
  ),
} as const;

export const webhookReads = {
  webhooks: operation("owner", z.object({}), z.array(webhookView)),
} as const;
