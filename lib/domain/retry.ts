import type { Failure, FailureReason } from "./failure.ts";

/** A failed session that goes on by itself, or has done so; counts from its last progress. */
export interface Retry {
  /** When it is tried again; null where a person has to say so. */
  readonly at: string | null;
  /** False from the moment that it was told to go on: then only the count still matters. */
  readonly waits: boolean;
  readonly attempt: number;
  /** After this many attempts without progress a person decides. */
  readonly of: number;
}

/** Pauses before each further attempt. What is not listed is never tried again by itself. */
const pausesMs: Partial<Record<FailureReason, readonly number[]>> = {
  "service-error": [60_000, 300_000, 900_000],
  "agent-hung": [60_000],
  // The next attempt repeats the conversation; the one after it begins a new one, with a summary.
  "conversation-broken": [5_000, 5_000],
  // The next attempt is a new conversation.
  "prompt-too-long": [5_000],
};

const firstLimitPauseMs = 5 * 60_000;
const longestLimitPauseMs = 60 * 60_000;
const limitAttempts = 24;
/** Limits are by the hour or by the week. */
const longestNamedMs = 8 * 86_400_000;

/** What becomes of a failure by itself: null where nothing does. */
export function nextRetry(failure: Failure, before: Retry | null, at: string): Retry | null {
  const attempt = (before?.attempt ?? 0) + 1;
  const after = (ms: number) => new Date(Date.parse(at) + ms).toISOString();
  switch (failure.reason) {
    case "credit-exhausted":
      return { at: null, waits: true, attempt, of: limitAttempts };
    case "rate-limited": {
      if (attempt > limitAttempts) return null;
      const ms = Math.min(firstLimitPauseMs * 2 ** (attempt - 1), longestLimitPauseMs);
      // What the service names counts, unless it lies behind us or beyond all limits there are.
      const { until } = failure;
      const named = until !== undefined && until > at && until < after(longestNamedMs) ? until : null;
      return { at: named ?? after(ms), waits: true, attempt, of: limitAttempts };
    }
    default: {
      const pauses = pausesMs[failure.reason] ?? [];
      const ms = pauses[attempt - 1];
      return ms === undefined ? null : { at: after(ms), waits: true, attempt, of: pauses.length };
    }
  }
}

/** A failure that every other session of the same account would meet too. */
export function pausesAccount(reason: FailureReason): reason is "rate-limited" | "credit-exhausted" {
  return reason === "rate-limited" || reason === "credit-exhausted";
}

export interface Waiting {
  readonly account: string;
  readonly failure: Failure;
  readonly retry: Retry;
}

/** No session of this account is begun meanwhile. */
export interface Pause {
  readonly account: string;
  readonly reason: "rate-limited" | "credit-exhausted";
  /** Null: until a person says that it goes on. */
  readonly until: string | null;
  readonly detail: string;
  readonly sessions: number;
}

/** The pauses that the waiting sessions amount to: the longest of each account, and credit before a limit. */
export function pausesOf(waiting: readonly Waiting[]): Pause[] {
  const pauses = new Map<string, Pause>();
  for (const { account, failure, retry } of waiting) {
    const { reason, detail } = failure;
    if (!pausesAccount(reason)) continue;
    const known = pauses.get(account);
    const sessions = (known?.sessions ?? 0) + 1;
    const isLonger = !known || (known.until !== null && (retry.at === null || retry.at > known.until));
    pauses.set(
      account,
      isLonger ? { account, reason, until: retry.at, detail, sessions } : { ...known, sessions },
    );
  }
  return [...pauses.values()];
}
