import type { Held } from "#lib/domain/review.ts";

/** A council as far as it stands, for what a finding is called and what was answered to it. */
export interface Hearing {
  /** Councils of a session count from 1. */
  readonly number: number;
  readonly parts: readonly Pick<Held, "part" | "reports">[];
}
