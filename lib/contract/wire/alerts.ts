import { z } from "zod";
import { instant, sessionId } from "../ids.ts";
import { operation, text } from "./common.ts";

/** What holds work up, for as long as it does. Pushed besides facts: on a full disk no fact can be written. */
export const alertView = z.object({
  id: z.string(),
  /** `paused`: no session of `account` is begun; `storage`: nothing can be written. */
  kind: z.enum(["paused", "storage"]),
  text: z.string(),
  fix: z.string().nullable(),
  /** When it ends by itself; null where that is not known. */
  until: instant.nullable(),
  /** The agent's account that `queue:resume` takes; null where nothing can be resumed. */
  account: z.string().nullable(),
});
export type Alert = z.infer<typeof alertView>;

export const alertCommands = {
  /** Sets going again what waits for a limit or for credit, of one account or of all. */
  "queue:resume": operation(
    "operator",
    z.object({ account: text(200).nullable().default(null) }),
    z.object({ resumed: z.array(sessionId) }),
  ),
} as const;

export const alertReads = {
  alerts: operation("viewer", z.object({}), z.array(alertView)),
} as const;
