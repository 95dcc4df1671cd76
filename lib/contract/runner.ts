import { z } from "zod";
import { sessionId } from "./ids.ts";

/**
 * What server and runner say to each other over the runner's Unix socket: one JSON object a line.
 * Nothing here is needed for correctness; a message that is lost only makes something later.
 */
export const runnerVersion = 1;

/** From the server. */
export const toRunnerSchema = z.discriminatedUnion("kind", [
  /** Something new is in this session's directory. */
  z.object({ kind: z.literal("ring"), directory: z.string().max(4096) }),
  /** End yourself at once; agents live on, and the next runner adopts them. */
  z.object({ kind: z.literal("leave") }),
]);
export type ToRunner = z.infer<typeof toRunnerSchema>;

/** From the runner. */
export const fromRunnerSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("hello"), version: z.number().int(), pid: z.number().int().positive() }),
  /** `events.jsonl` of this session holds events up to `seq`. */
  z.object({
    kind: z.literal("moved"),
    session: sessionId,
    directory: z.string(),
    seq: z.number().int().min(0),
  }),
  /** Nothing can be written where the sessions are; the runner tries again until it can. */
  z.object({ kind: z.literal("trouble"), text: z.string().max(2000) }),
]);
export type FromRunner = z.infer<typeof fromRunnerSchema>;

/** `$AMPLIFY_HOME/run/runner.json` and `server.json`: who runs, so that others find and trust it. */
export const presenceSchema = z.object({
  version: z.number().int(),
  pid: z.number().int().positive(),
  startTicks: z.string(),
  bootId: z.string(),
  startedAt: z.iso.datetime(),
  /** The runner's socket; null for the server. */
  socket: z.string().nullable(),
  /** The server's own address for clients on this machine; null for the runner. */
  url: z.string().nullable(),
});
export type Presence = z.infer<typeof presenceSchema>;
