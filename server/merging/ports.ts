import type { LandingView, MergePlanView, PlanEntryView, PreviewView } from "#lib/contract/wire.ts";
import type { BranchName, ItemId, ObjectId, RepositoryId, SessionId } from "#lib/domain/ids.ts";
import type { LandingEnd, LandingStep } from "#lib/domain/merge.ts";
import type { CommandRun } from "#lib/domain/run-state.ts";
import type { CarryOrder } from "#server/files/carry-files.ts";
import type { Clock, LandingGit, Remotes, RunShell, WorkSource } from "#server/ports.ts";

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

/** Which work is taken back: what came in between the two commits. */
export interface Undo {
  readonly before: ObjectId;
  readonly after: ObjectId;
  readonly reason: string;
}

/** How the repository's configuration wants its landings. */
export interface LandingRules {
  /** How often a red command of the gate is tried once more before that counts; 0 for never. */
  readonly retries: number;
  /** Who has a red gate, or a conflict: the session's own agent, or a person. */
  readonly red: "send-back" | "person";
  readonly conflict: "send-back" | "person";
}

/** Whether work goes to a remote: what has landed is pushed there, or it is proposed there instead of landing. */
export interface LandingAfter {
  readonly how: "nothing" | "push" | "pull-request";
  readonly remote: string;
}

/** Everything that a landing needs; kept in its journal, so that it goes on without being told again. */
export interface LandingOrder {
  /** Chosen by the caller, `^[a-z0-9][a-z0-9-]{5,60}$`; ordering the same id twice has no further effect. */
  readonly id: string;
  readonly repository: LandingRepository;
  readonly session: SessionId;
  /** Absolute path of the session's directory; the gate's output goes to `gates/` in it. */
  readonly directory: string;
  /** Shared by landings that were ordered together. */
  readonly train: string | null;
  /** For a landing that takes an earlier one back; its branch and worktree are long gone. */
  readonly undo: Undo | null;
  readonly rules: LandingRules;
  readonly after: LandingAfter;
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
  /** What makes the gate's checkout ready, as it does a worktree: ignored files of the main checkout, then commands. */
  readonly carry: readonly CarryOrder[];
  readonly setup: readonly GateCommand[];
  /** What the commands get of the environment besides what all get, and what they get as it stands. */
  readonly passEnv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** For each command of setup and gate. */
  readonly gateTimeLimitMs: number;
  /** The gate runs inside bubblewrap, as agents do: what it runs is what an agent wrote. */
  readonly sandbox: boolean;
  /** The person or policy that decided. */
  readonly by: string;
  /** `Amplify-Session`, `Amplify-Verdict`, `Overruled-by`, `Answered-By`, `Merged-By`, `Cost`; empty values are left out. */
  readonly trailers: Readonly<Record<string, string>>;
}

/** What became of the gate for one built commit. */
export type GateRecord =
  | { readonly kind: "not-configured" }
  /**
   * `flaky`: a command was red, and green when it was tried once more. `not-ready`: the setup failed, so that
   * nothing is known of the work.
   */
  | { readonly kind: "passed" | "flaky" | "red" | "not-ready"; readonly commands: readonly GateRun[] };

export interface GateRun extends CommandRun {
  /** It is the second try of a command that was red. */
  readonly retried: boolean;
}

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
  /** The number of the gate's log in the session's directory; null where the gate has not begun. */
  readonly gateLog: number | null;
  /** The red gate is red on the base by itself too: the session is not to blame. */
  readonly isRedOnBase: boolean;
  /**
   * The intent, written before the base is moved: the checkout that is brought along, null where none has
   * the base. Null again when a fast-forward is known to be whole, so that nothing has to be mended.
   */
  readonly moving: { readonly checkout: string | null } | null;
  /** How often the remote could not be reached. */
  readonly pushTries: number;
  /** The remote that has it, once it was pushed there. */
  readonly pushed: string | null;
  /** Of the pull request, or where to open one. */
  readonly url: string | null;
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

/** What the inside needs to know of a landing besides what clients see. */
export interface LandingDetails {
  readonly byHand: boolean;
  readonly undo: Undo | null;
  readonly rules: LandingRules;
  readonly isRedOnBase: boolean;
}

export interface MergingDeps {
  readonly git: LandingGit;
  readonly store: LandingStore;
  readonly clock: Clock;
  readonly runShell: RunShell;
  readonly remotes: Remotes;
  /** Ends every process that carries the marker. */
  endMarked(marker: string): Promise<unknown>;
  /** Ours, of which the gate's commands get what passes. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A folder of ours for scratch worktrees, outside of every repository. */
  readonly scratchDir: string;
  /** Covers the secrets in what commands print, where it is told. */
  redact(text: string): string;
  /** Folders that a confined gate does not see: the data folder. */
  readonly hidden: readonly string[];
  sourceOf(repository: RepositoryId): WorkSource;
  /**
   * Told of every step and of the end, in order, and again after a crash: taking one in twice must be
   * harmless. From the first view on with `hasLanded(step)` main holds the work, so the session is merged;
   * any other end than `landed` gives it back. The landing goes on when the promise resolves.
   */
  onAdvance(landing: LandingView, details: LandingDetails): Promise<void>;
  /**
   * Why nothing may land here now, looked up at that moment: somebody moved the base behind our back. Null
   * where nothing is wrong.
   */
  blockOf(repository: RepositoryId): Promise<string | null>;
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
  /** What each of the sessions would meet on the base and with each other, and the order that lands most. */
  plan(order: PlanOrder): Promise<Plan>;
  /** Why an approval no longer holds for its branch, or on the base as it stands now; null while it does. */
  outdated(order: Pick<LandingOrder, "repository" | "branch" | "approval">): Promise<Outdated | null>;
  /**
   * Between which commits a landed change came in: by its merge commit, or for work merged by hand (null) by
   * whatever brought it. Null where the base does not hold it.
   */
  spanOf(order: {
    repository: LandingRepository;
    approval: ApprovedChange;
    commit: ObjectId | null;
  }): Promise<Pick<Undo, "before" | "after"> | null>;
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

export interface Outdated {
  readonly why: string;
  /** Whose move it was. */
  readonly by: "base" | "branch";
}

export interface PlanOrder {
  readonly repository: LandingRepository;
  /** The preferred ones first. */
  readonly sessions: readonly (Pick<PreviewOrder, "session" | "approval"> & {
    readonly branch: LandingOrder["branch"];
    /** It waits for its check anew already. */
    readonly isOutdated: boolean;
  })[];
}

/** The part of a merge plan that git decides. */
export type Plan = Pick<MergePlanView, "base" | "overlaps" | "order" | "leftOut" | "cut"> & {
  readonly entries: readonly PlanEntry[];
};

export type PlanEntry = Pick<
  PlanEntryView,
  "session" | "head" | "clean" | "conflicts" | "outdated" | "obstacles" | "files" | "added" | "removed"
> & {
  /** What would land; null where it conflicts. */
  readonly tree: ObjectId | null;
  /** Every path that the change touches. */
  readonly paths: readonly string[];
  readonly submodules: readonly string[];
  readonly lfs: readonly string[];
};

export interface PreviewOrder {
  readonly repository: LandingRepository;
  readonly session: SessionId;
  readonly approval: ApprovedChange;
}
