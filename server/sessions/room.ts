import type { ItemId, RepositoryId } from "#lib/domain/ids.ts";
import type { Merging } from "../merging/ports.ts";
import type { Clock, Git } from "../ports.ts";
import type { Backlog } from "../scheduling/backlog.ts";
import type { CheckBase } from "./check-base.ts";
import type { Intake } from "./intake.ts";
import type { Ledger } from "./ledger.ts";
import type { Overlaps } from "./overlaps.ts";
import type { ReadSettings, RepositoryRow, SessionRow, SessionStore } from "./ports.ts";
import type { Pulses } from "./pulses.ts";
import type { RunnerLink } from "./runner-link.ts";

/** What commands and reads share: the parts of the inside, put together once at start. */
export interface Room {
  readonly home: string;
  readonly store: SessionStore;
  readonly ledger: Ledger;
  readonly git: Git;
  readonly clock: Clock;
  readonly merging: Merging;
  readonly intake: Intake;
  readonly pulses: Pulses;
  readonly overlaps: Overlaps;
  readonly runner: RunnerLink;
  readonly checkBase: CheckBase;
  readonly readSettings: ReadSettings;
  /** Yields numbers in [0, 1), for ids. */
  readonly random: () => number;
  /** Throws not-found. */
  repository(id: RepositoryId): Promise<RepositoryRow>;
  /** Throws unavailable where the repository's backlog cannot be opened. */
  backlog(id: RepositoryId): Promise<Backlog>;
  /** The backlog where it is open already. */
  openBacklog(id: RepositoryId): Backlog | null;
  /** Takes a new repository in: its backlog is read and its base watched from now on. */
  openRepository(row: RepositoryRow): Promise<void>;
  /** Neither reads nor watches it any longer. */
  closeRepository(id: RepositoryId): void;
  /** What is wrong with a repository, for people. */
  problemOf(row: RepositoryRow): Promise<string | null>;
  downstreamOf(row: Pick<SessionRow, "repository"> & { readonly item: ItemId }): number;
}
