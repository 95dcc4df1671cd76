import { z } from "zod";
import { alertCommands, alertReads } from "./wire/alerts.ts";
import { archiveCommands, archiveReads } from "./wire/archives.ts";
import { activityReads } from "./wire/activity.ts";
import { attentionReads } from "./wire/attention.ts";
import { itemCommands, itemReads } from "./wire/item.ts";
import { loopCommands, loopReads } from "./wire/loop.ts";
import { mergingCommands, mergingReads } from "./wire/merging.ts";
import { overlapReads } from "./wire/overlap.ts";
import { questionCommands, questionReads } from "./wire/question.ts";
import { repositoryCommands, repositoryReads } from "./wire/repository.ts";
import { sessionCommands } from "./wire/session.ts";
import { sessionReads } from "./wire/session-reads.ts";
import { storageCommands, storageReads } from "./wire/storage.ts";
import { standingAnswerCommands, standingAnswerReads } from "./wire/standing-answer.ts";
import { teamCommands, teamReads } from "./wire/team.ts";
import { webhookCommands, webhookReads } from "./wire/webhook.ts";

/**
 * The wire between the server and its clients (browser and CLI). Commands change something and carry
 * an idempotency key; reads change nothing; facts tell what happened, in one global order.
 * The same names and shapes serve socket.io (`command`, `read`, `follow`, `log:open`, `present`) and HTTP
 * (`POST /api/commands`, `GET /api/<read>`). Every HTTP answer is an {@link Answer} as JSON; a refusal also
 * has a fitting status.
 */
export { wireVersion } from "./version.ts";
export * from "./wire/alerts.ts";
export * from "./wire/activity.ts";
export * from "./wire/answers.ts";
export * from "./wire/archives.ts";
export * from "./wire/attention.ts";
export { insideHeader, type Right, type RoleName, roles } from "./wire/common.ts";
export * from "./wire/facts.ts";
export * from "./wire/item.ts";
export * from "./wire/logs.ts";
export * from "./wire/loop.ts";
export * from "./wire/merging.ts";
export * from "./wire/overlap.ts";
export * from "./wire/presence.ts";
export * from "./wire/question.ts";
export * from "./wire/repository.ts";
export * from "./wire/session.ts";
export { sittingView, type SittingView } from "./wire/session-reads.ts";
export * from "./wire/storage.ts";
export * from "./wire/standing-answer.ts";
export * from "./wire/team.ts";
export * from "./wire/webhook.ts";

/** Everything that changes something, with the least role that may do it. */
export const commands = {
  ...repositoryCommands,
  ...sessionCommands,
  ...questionCommands,
  ...standingAnswerCommands,
  ...webhookCommands,
  ...mergingCommands,
  ...loopCommands,
  ...itemCommands,
  ...archiveCommands,
  ...teamCommands,
  ...alertCommands,
  ...storageCommands,
} as const;
export type CommandName = keyof typeof commands;
export type CommandInput<Name extends CommandName> = z.input<(typeof commands)[Name]["input"]>;
export type CommandOutput<Name extends CommandName> = z.output<(typeof commands)[Name]["output"]>;

export const commandEnvelope = z.object({
  name: z.enum(Object.keys(commands) as [CommandName, ...CommandName[]]),
  /** Repeating a command with the same key has no further effect and gets the first answer. */
  key: z.string().regex(/^[A-Za-z0-9-]{8,64}$/),
  input: z.unknown(),
});

/** Everything that may be looked at, with the least role that may do it. */
export const reads = {
  ...teamReads,
  ...activityReads,
  ...repositoryReads,
  ...sessionReads,
  ...questionReads,
  ...attentionReads,
  ...standingAnswerReads,
  ...webhookReads,
  ...itemReads,
  ...mergingReads,
  ...overlapReads,
  ...loopReads,
  ...archiveReads,
  ...alertReads,
  ...storageReads,
} as const;
export type ReadName = keyof typeof reads;
export type ReadInput<Name extends ReadName> = z.input<(typeof reads)[Name]["input"]>;
export type ReadOutput<Name extends ReadName> = z.output<(typeof reads)[Name]["output"]>;
