import { z } from "zod";
import { questionId, sessionId } from "../ids.ts";
import type { RoleName } from "./common.ts";

/** What one window tells of itself with `present`: what it shows, and what its person is writing an answer to. */
export const whereabouts = z.strictObject({
  session: sessionId.nullable(),
  answering: z.strictObject({ session: sessionId, question: questionId }).nullable(),
});
export type Whereabouts = z.infer<typeof whereabouts>;

/** `answering` ends by itself after this, unless the window tells it again. */
export const answeringLeaseMs = 10_000;

/** Somebody with an open window; all their windows together. Who they are is the server's word, never the window's. */
export interface PresentPerson {
  readonly id: string;
  readonly name: string;
  readonly role: RoleName;
  /** The sessions that they look at, newest first, at most eight. */
  readonly sessions: readonly string[];
  /** The questions that they are writing answers to, newest first, at most eight. */
  readonly answering: readonly NonNullable<Whereabouts["answering"]>[];
}

/** What `present` answers: which of the people is the one who asks, and everybody who is here. */
export interface Attendance {
  readonly you: string;
  readonly here: readonly PresentPerson[];
}

/** Pushed besides facts, never stored: who came or did something else, and who left. */
export interface PresenceNews {
  readonly here: readonly PresentPerson[];
  readonly gone: readonly string[];
}
