import type { LandingEnd, LandingStep } from "#lib/domain/merge.ts";
import type { Landing, LandingJournal, MergingDeps } from "./ports.ts";

/** What a step came to. A step that is `done` is so in the repository or the tracker, not only here. */
export type StepResult =
  | {
      readonly kind: "done";
      readonly learned: Partial<LandingJournal>;
      /** A later step that turned out to be done already. */
      readonly upTo?: LandingStep;
    }
  /** Somebody moved the base: all over again from the preview. */
  | { readonly kind: "again" }
  | {
      readonly kind: "ended";
      readonly end: LandingEnd;
      readonly message: string;
      readonly conflicts?: readonly string[];
      readonly learned?: Partial<LandingJournal>;
    }
  /** Not now, but nothing is lost by trying again later. */
  | { readonly kind: "later"; readonly trouble: string; readonly learned?: Partial<LandingJournal> };

/** Aborted by a person's cancel or by the server's end; which one is the lane's business. */
export type Step = (landing: Landing, deps: MergingDeps, signal: AbortSignal) => Promise<StepResult>;

export function done(learned: Partial<LandingJournal> = {}, upTo?: LandingStep): StepResult {
  return upTo === undefined ? { kind: "done", learned } : { kind: "done", learned, upTo };
}

export function ended(
  end: LandingEnd,
  message: string,
  more: { conflicts?: readonly string[]; learned?: Partial<LandingJournal> } = {},
): StepResult {
  return { kind: "ended", end, message, ...more };
}

/** A step needs what an earlier one wrote down; without it the journal is broken. */
export function known<Value>(value: Value | null, what: string): Value {
  if (value === null) throw new Error(`The landing's journal holds no ${what}.`);
  return value;
}

export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
