import { z } from "zod";
import { sessionId } from "../ids.ts";

/** Which bytes: the readable log of the session, one stream of one step, or the output of one run of its gate. */
export const logRef = z.object({
  session: sessionId,
  stream: z.enum(["output", "stream", "stderr", "gate"]),
  /** 0 for `output`; for `gate` the number that its landing names. */
  step: z.number().int().min(0),
});
export type LogRef = z.infer<typeof logRef>;

/**
 * A window of a log. With `offset` null it is the last `limit` bytes. `generation` changes when the file
 * was replaced or cut, which a client shows as a gap.
 */
export const logRequest = logRef.extend({
  offset: z.number().int().min(0).nullable(),
  limit: z.number().int().min(1).max(1_048_576).default(262_144),
  /** Go on sending what is appended, as `log:bytes`, until `log:close`. */
  follow: z.boolean().default(false),
});
export type LogRequest = z.input<typeof logRequest>;

export const logWindow = z.object({
  generation: z.number().int(),
  offset: z.number().int(),
  /** Size of the file when it was read. */
  size: z.number().int(),
  /** UTF-8 text of the bytes `offset` to `next`, cut between lines where it can be. */
  text: z.string(),
  next: z.number().int(),
});
export type LogWindow = z.infer<typeof logWindow>;

/** Pushed to those who follow this log. */
export const logBytes = logRef.extend({
  generation: z.number().int(),
  offset: z.number().int(),
  text: z.string(),
  next: z.number().int(),
});
export type LogBytes = z.infer<typeof logBytes>;
