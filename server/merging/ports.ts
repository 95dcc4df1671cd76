import type { LandingView, PreviewView } from "#lib/contract/wire.ts";
import type { BranchName, ItemId, ObjectId, RepositoryId, SessionId } from "#lib/domain/ids.ts";
import type { LandingEnd, LandingStep } from "#lib/domain/merge.ts";
import type { CommandRun } from "#lib/domain/run.ts";
import type { Clock, LandingGit, RunShell, WorkSource } from "#server/ports.ts";

export interface LandingRepository {
  readonly id: RepositoryId;
  /** Root of the main checkout; for a bare repository its git directory. */
  readonly root: string;
  readonly commonDir: string;
  /** Name of the branch that work lands on, such as `main`. */
  readonly base: string;
}

/** What a verdict holds for: exactly this change. */
export interface ApprovedChange {
  readonly base: ObjectId;
  readonly head: ObjectId;
}

/** A command line of the repository's own configuration, run on the merged tree before it lands. */
export interface GateCommand {
  readonly name: string;
  readonly command: string;
}

/** Everything that a landing needs; kept in its journal, so that it goes on without being told again. */
export interface LandingOrder {
  /** Chosen by the caller, `^[a-z0-9][a-z0-9-]{5,60}$`; ordering the same id twice has no further effect. */
  readonly id: string;
  readonly repository: LandingRepository;
  readonly session: SessionId;
  readonly item: { readonly id: ItemId; readonly title: string };
  /** Heading of the session's summary; null where it has none. Becomes the subject of the merge commit. */
  readonly summary: string | null;
  /** The comment that the item gets when it is closed; empty for none. */
  readonly comment: string;
  readonly branch: BranchName;
  /** Absolute path of the session's worktree; it need not exist any more. */
  readonly worktree: string;
  readonly approval: ApprovedChange;
  /** Empty where no gate is configured, which the journal records as such. */
  readonly gate: readonly GateCommand[];
  readonly gateTimeLimitMs: number;
  /** The person or policy that decided. */
  readonly by: string;
  /** `Amplify-Session`, `Amplify-Verdict`, `Answered-By`, `Merged-By`, `Cost`; empty values are left out. */
  readonly trailers: Readonly<Record<string, string>>;
}

/** What became of the gate for one built commit. */
export type GateRecord =
  | { readonly kind: "not-configured" }
  | { readonly kind: "passed" | "red"; readonly commands: readonly CommandRun[] };

export interface LandingOutcome {
  readonly end: LandingEnd;
  readonly message: string;
  readonly conflicts: readonly string[];
}

/** The particulars of a landing, by the steps that found them out. */
export interface LandingJournal {
  readonly order: LandingOrder;
  /** How often the base was taken as it stood; counts from 1 with the first preview. */
  readonly attempt: number;
  /** The tip of the base that this attempt builds on. */
  readonly base: ObjectId | null;
  readonly tree: ObjectId | null;
  /** The merge commit; for work that was merged by hand the commit that brought it. */
  readonly commit: ObjectId | null;
  readonly gate: GateRecord | null;
  /**
   * The intent, written before the base is moved: the checkout that is brought along, null where none has
   * the base. Null again when a fast-forward is known to be whole, so that nothing has to be mended.
   */
  readonly moving: { readonly checkout: string | null } | null;
  /** Somebody merged it with plain git before us. */
  readonly byHand: boolean;
  /** Refs under which work was kept before anything was removed. */
  readonly archived: readonly string[];
  /** What could not be done and stays so, without undoing the landing; for people. */
  readonly warnings: readonly string[];
  /** Why the next step has to be tried again; null while nothing is in its way. */
  readonly trouble: string | null;
  /** Known before the landing counts as ended, so that its end is told at least once. */
  readonly outcome: LandingOutcome | null;
}

export interface Landing {
  readonly id: string;
  readonly status: "running" | LandingEnd;
  /** The last step that is done. */
  readonly step: LandingStep | null;
  readonly journal: LandingJournal;
  readonly startedAt: string;
  readonly endedAt: string | null;
}

/** Keeps the journal. Every call is durable when it resolves. */
export interface LandingStore {
  /** Keeps a new landing; false where its id is known already. */
  open(landing: Landing): Promise<boolean>;
  save(landing: Landing): Promise<void>;
  find(id: string): Promise<Landing | null>;
  /** Every landing with status `running`, in the order in which they were opened. */
  unfinished(): Promise<Landing[]>;
}

export interface MergingDeps {
  readonly git: LandingGit;
  readonly store: LandingStore;
  readonly clock: Clock;
  readonly runShell: RunShell;
  /** The whole environment of gate commands. */
  readonly gateEnv: Readonly<Record<string, string>>;
  /** A folder of ours for scratch worktrees, outside of every repository. */
  readonly scratchDir: string;
  sourceOf(repository: RepositoryId): WorkSource;
  /**
   * Told of every step and of the end, in order, and again after a crash: taking one in twice must be
   * harmless. From the first view on with `hasLanded(step)` main holds the work, so the session is merged;
   * any other end than `landed` gives it back. The landing goes on when the promise resolves.
   */
  onAdvance(landing: LandingView, details: { readonly byHand: boolean }): Promise<void>;
}

/** The merge lanes: one per repository, one landing at a time in each. */
export interface Merging {
  /**
   * Queues the landing and resolves when it has ended, or when main holds the work and only closing the
   * item or tidying up is left to be tried again (status `running`, step `moved` or later). Never rejects
   * for what git or the tracker do: those are ends with a message.
   */
  land(order: LandingOrder): Promise<LandingView>;
  /** Ends a landing that has not moved the base yet; false where it is too late or unknown. */
  cancel(id: string): Promise<boolean>;
  preview(order: PreviewOrder): Promise<PreviewView>;
  /** Why an approval no longer holds on the base as it stands now; null while it does. */
  outdated(order: Pick<PreviewOrder, "repository" | "approval">): Promise<string | null>;
  /**
   * For work that somebody merged with plain git: closes the item, archives and tidies up as a landing
   * does, and resolves to it; null where the base does not hold the approved head.
   */
  adopt(order: LandingOrder): Promise<LandingView | null>;
  /** Goes on with, or takes back, what a dead server left unfinished; resolves when all have been tried. */
  resume(): Promise<void>;
  /** Stops taking up work; resolves when the step under way is done. What is left goes on with `resume`. */
  stop(): Promise<void>;
}

export interface PreviewOrder {
  readonly repository: LandingRepository;
  readonly session: SessionId;
  readonly approval: ApprovedChange;
}
