import { z } from "zod";
import type { Alert } from "./alerts.ts";
import type { Fact, FollowAnswer } from "./facts.ts";
import type { LogBytes, LogWindow } from "./logs.ts";
import type { Attendance, PresenceNews } from "./presence.ts";
import type { Pulse } from "./session.ts";
import type { MeView } from "./team.ts";

/** Every refusal says what was wrong, what was kept, and what to do. */
export const problemSchema = z.object({
  code: z.enum([
    "invalid",
    "not-found",
    "ambiguous",
    "conflict",
    "forbidden",
    "unauthenticated",
    "unavailable",
    "too-large",
    "too-many",
    "version",
    "internal",
  ]),
  message: z.string(),
  /** What to do next. */
  fix: z.string().nullable(),
});
export type Problem = z.infer<typeof problemSchema>;

export type Answer<Output> =
  { readonly ok: true; readonly value: Output } | { readonly ok: false; readonly problem: Problem };

/** Socket events from client to server; each takes an acknowledgement. */
export interface ClientToServer {
  command: (envelope: unknown, ack: (answer: Answer<unknown>) => void) => void;
  read: (request: unknown, ack: (answer: Answer<unknown>) => void) => void;
  /** `since` is the last fact that the client has; null asks for a snapshot. */
  follow: (request: unknown, ack: (answer: Answer<FollowAnswer>) => void) => void;
  "log:open": (request: unknown, ack: (answer: Answer<LogWindow>) => void) => void;
  "log:close": (request: unknown, ack: (answer: Answer<null>) => void) => void;
  /** Where this window is, whenever that changes; from then on `presence` is pushed to it. */
  present: (whereabouts: unknown, ack: (answer: Answer<Attendance>) => void) => void;
}

export interface ServerToClient {
  facts: (facts: Fact[]) => void;
  pulse: (pulses: Pulse[]) => void;
  /** All that hold now, after each `follow` and whenever that changes. */
  alerts: (alerts: Alert[]) => void;
  "log:bytes": (bytes: LogBytes) => void;
  /** What you may do has changed. */
  me: (me: MeView) => void;
  presence: (news: PresenceNews) => void;
  /** The session ended here: signed out, revoked, or the server leaves. */
  bye: (reason: string) => void;
}
