import type { AgentEvent } from "#lib/domain/agent-events.ts";
import type { Failure } from "#lib/domain/failure.ts";
import type { AgentSessionId, BranchName, ItemId, ObjectId, SessionId } from "#lib/domain/ids.ts";
import type { Dependency, Item } from "#lib/domain/item.ts";
import type { Choice, Prompt } from "#lib/domain/question.ts";
import type { Attendance, Report, Role } from "#lib/domain/review.ts";
import type { ProcessIdentity } from "#lib/domain/run-state.ts";

/** Time, so that tests can turn it. */
export interface Clock {
  now(): Date;
  /** Calls once after `ms` milliseconds; the returned function takes the call back. */
  after(ms: number, call: () => void): () => void;
}

/* ------------------------------------------------------------------ git */

/** What a folder is to git. Paths are absolute and real (no links in them). */
export interface RepositoryFacts {
  /** Root of the main checkout; for a bare repository its git directory. */
  readonly root: string;
  readonly commonDir: string;
  readonly bare: boolean;
  /** Null before the first commit. */
  readonly head: ObjectId | null;
  /** Null where HEAD is detached. */
  readonly branch: string | null;
  /** What new work branches off: `main`, `master`, or the remote's default. */
  readonly defaultBranch: string | null;
  /** Name and e-mail from the person's own configuration; null where none is set. */
  readonly identity: Identity | null;
  readonly submodules: boolean;
  readonly lfs: boolean;
}

export interface Identity {
  readonly name: string;
  readonly email: string;
}

export interface WorktreeFacts {
  readonly path: string;
  readonly branch: string | null;
  readonly head: ObjectId;
  readonly locked: boolean;
  /** Registered, but its folder is gone. */
  readonly missing: boolean;
}

export interface WorkState {
  readonly head: ObjectId;
  /** Commits that the branch has and the base has not. */
  readonly ahead: number;
  /** Paths with changes that are not committed, untracked ones included, ignored ones and `.beads/**` not. */
  readonly uncommitted: readonly string[];
}

export interface FileChange {
  readonly path: string;
  /** Where it was before, for a rename. */
  readonly from: string | null;
  /** `submodule`: which commit of another repository stands there, or that one does. */
  readonly kind: "added" | "modified" | "deleted" | "renamed" | "submodule" | "other";
  /** Null for binary files. */
  readonly added: number | null;
  readonly removed: number | null;
}

export type MergePreview =
  | { readonly clean: true; readonly tree: ObjectId }
  | { readonly clean: false; readonly conflicts: readonly string[] };

/** A failure of git itself; `output` is what it said. */
export class GitError extends Error {
  override readonly name: string = "GitError";
  readonly command: string;
  /** Null where the command did not get to an end of its own. */
  readonly exitCode: number | null;
  readonly output: string;

  constructor(message: string, facts: { command: string; exitCode: number | null; output: string }) {
    super(message);
    this.command = facts.command;
    this.exitCode = facts.exitCode;
    this.output = facts.output;
  }
}

export class NotARepositoryError extends Error {
  override readonly name = "NotARepositoryError";
  readonly folder: string;

  constructor(folder: string) {
    super(`${folder} is not in a git repository.`);
    this.folder = folder;
  }
}

/** The path or the branch is somebody's: `why` says what holds it. */
export class WorktreeBusyError extends Error {
  override readonly name = "WorktreeBusyError";
  readonly path: string;
  readonly branch: string | null;
  readonly why: "path-taken" | "branch-taken" | "locked" | "uncommitted-changes";

  constructor(
    path: string,
    branch: string | null,
    why: "path-taken" | "branch-taken" | "locked" | "uncommitted-changes",
    detail: string,
  ) {
    super(detail);
    this.path = path;
    this.branch = branch;
    this.why = why;
  }
}

/** Files whose stored form only the repository's own filter can make (LFS, git-crypt), and we run no filter. */
export class FilteredPathsError extends Error {
  override readonly name = "FilteredPathsError";
  readonly paths: readonly string[];

  constructor(paths: readonly string[]) {
    super(
      `These files go through a filter of the repository and have to be committed by hand: ${paths.join(", ")}`,
    );
    this.paths = paths;
  }
}

/** Uncommitted files, kept as a commit on top of the worktree's head. */
export interface Snapshot {
  readonly commit: ObjectId;
  /** What a commit cannot hold: repositories inside the worktree. */
  readonly omitted: readonly string[];
}

/** One commit that is kept under an archive ref. */
export interface ArchiveFacts {
  readonly ref: string;
  readonly session: SessionId;
  readonly commit: ObjectId;
  readonly subject: string;
  readonly committedAt: string;
  /** When and why it was kept; null where the ref's log has expired. */
  readonly keptAt: string | null;
  readonly why: string | null;
  /** The base holds it too. */
  readonly merged: boolean;
}

/**
 * Every call runs with hooks, fsmonitor, external diff, textconv and prompts switched off, takes
 * object ids or checked names only, and never lets configuration that an agent planted act.
 * Failures are {@link GitError}s with the command's own words.
 */
export interface Git {
  /** Throws `NotARepositoryError` where there is none. */
  inspect(folder: string): Promise<RepositoryFacts>;
  /** Name and e-mail as the person's own git would use them there; null where one of them is not set. */
  identity(folder: string): Promise<Identity | null>;
  /** The commit that a ref or object id names, or null. */
  resolve(repository: string, ref: string): Promise<ObjectId | null>;
  worktrees(repository: string): Promise<WorktreeFacts[]>;
  /** Creates branch and worktree at `base` in one step; a rest of a failed attempt is removed. Throws `WorktreeBusyError` when path or branch is taken. */
  addWorktree(order: { repository: string; path: string; branch: BranchName; base: ObjectId }): Promise<void>;
  /** A worktree without a branch, for a gate or a warm pool. */
  addScratchWorktree(order: { repository: string; path: string; commit: ObjectId }): Promise<void>;
  /** Moves a scratch worktree to `path` and puts it on a new branch at `base`. Throws as `addWorktree` does. */
  claimWorktree(order: {
    repository: string;
    from: string;
    path: string;
    branch: BranchName;
    base: ObjectId;
  }): Promise<void>;
  /** Removes a clean worktree (else throws `WorktreeBusyError`); `force` also one with changes, which the caller has archived. Removing what is gone succeeds. */
  removeWorktree(repository: string, path: string, options?: { force?: boolean }): Promise<void>;
  /** Keeps `.worktrees/` out of the status of the main checkout, through `info/exclude`. */
  excludeWorktrees(repository: string): Promise<void>;
  workState(worktree: string, base: ObjectId): Promise<WorkState>;
  /**
   * Commits everything uncommitted in the worktree except `.beads/**` and these paths, and ends an open merge; null
   * where there is nothing. Throws `FilteredPathsError` where raw bytes would be committed in place of a filter's.
   */
  commitAll(
    worktree: string,
    message: string,
    identity: Identity,
    options?: { except?: ReadonlySet<string> },
  ): Promise<ObjectId | null>;
  /** Keeps what is uncommitted in a commit of its own; index, files and branch stay as they are. Null where all is clean. */
  snapshot(worktree: string, message: string, identity: Identity): Promise<Snapshot | null>;
  /** Makes index and files those of head: what is not committed is gone, untracked files too. Ignored ones stay. */
  discardUncommitted(worktree: string): Promise<void>;
  /** Merges `theirs` into the worktree's branch. On conflict the merge is left open for the agent and the files are named. */
  mergeInto(
    worktree: string,
    theirs: ObjectId,
    message: string,
    identity: Identity,
  ): Promise<{ head: ObjectId; conflicts: string[] }>;
  mergeBase(repository: string, a: ObjectId, b: ObjectId): Promise<ObjectId | null>;
  isAncestor(repository: string, ancestor: ObjectId, of: ObjectId): Promise<boolean>;
  changes(repository: string, from: ObjectId, to: ObjectId): Promise<FileChange[]>;
  /** A unified diff, cut at `limitBytes`. */
  diff(
    repository: string,
    from: ObjectId,
    to: ObjectId,
    options: { limitBytes: number; paths?: readonly string[] },
  ): Promise<{ text: string; truncated: boolean }>;
  /** Merges the two commits without touching any checkout. Folders in `keepOurs` stay as `ours` has them. */
  preview(
    repository: string,
    ours: ObjectId,
    theirs: ObjectId,
    options?: { keepOurs?: readonly string[] },
  ): Promise<MergePreview>;
  /** What `to` has and `from` has not, the newest first. */
  commits(
    repository: string,
    from: ObjectId,
    to: ObjectId,
    limit: number,
  ): Promise<{ commit: ObjectId; subject: string }[]>;
  /** Writes a merge commit of `tree`; nothing points to it yet. */
  commitTree(order: {
    repository: string;
    tree: ObjectId;
    parents: readonly ObjectId[];
    message: string;
    identity: Identity;
  }): Promise<ObjectId>;
  /** Moves a ref only where it still is at `from` (null: where it does not exist; `to` null deletes it). False when somebody else moved it. */
  moveRef(
    repository: string,
    ref: string,
    to: ObjectId | null,
    from: ObjectId | null,
    reason: string,
  ): Promise<boolean>;
  refs(repository: string, prefix: string): Promise<{ name: string; target: ObjectId }[]>;
  /** Keeps a commit from ever being collected, under `refs/amplify/archive/<session>/<oid>`; resolves to that ref. `why` goes into the ref's log. */
  archive(repository: string, session: SessionId, commit: ObjectId, why: string): Promise<string>;
  /** Everything that is kept that way. `base` null: nothing counts as merged. */
  archives(repository: string, base: ObjectId | null): Promise<ArchiveFacts[]>;
  /** What would be freed on the disk if no archive ref kept it. */
  archiveBytes(repository: string): Promise<number>;
  /** How the checkout that has `branch` stands to a fast-forward from `from` to `to`, a commit or a tree. */
  checkoutOf(repository: string, branch: string, from: ObjectId, to: ObjectId): Promise<CheckoutFacts>;
  /**
   * Fast-forwards a checkout that has the branch. Nothing is touched where something is in the way, or where the
   * checkout has another branch by now (`switched`).
   */
  fastForward(checkout: string, branch: string, to: ObjectId): Promise<"moved" | "in-the-way" | "switched">;
}

/** `path` is null where no checkout has the branch. `obstacles` are why it cannot be brought along. */
export interface CheckoutFacts {
  readonly path: string | null;
  readonly obstacles: readonly {
    readonly kind:
      | "dirty-overlap"
      | "untracked-in-the-way"
      | "operation-in-progress"
      /** The detail is the path of a lock file that a git which has ended left behind. */
      | "dead-lock"
      | "staged"
      | "filtered"
      | "submodule";
    readonly detail: string;
  }[];
}

/** One file that two commits cannot agree on, with at most 20 hunks of at most 20 lines on each side. */
export interface Conflict {
  readonly path: string;
  /** In git's words: `contents`, `modify/delete`, `binary`, … */
  readonly kind: string;
  /** Lines of the file as the merge would write it, from the first marker to the last, counted from 1. */
  readonly hunks: readonly {
    readonly from: number;
    readonly to: number;
    readonly ours: string;
    readonly theirs: string;
  }[];
}

/** One move of a ref, as git wrote it down; null ends are a ref that did not exist. */
export interface RefMove {
  readonly from: ObjectId | null;
  readonly to: ObjectId | null;
  /** What the command said of itself: empty for `update-ref` without a reason; null where git keeps no log. */
  readonly message: string | null;
}

/** What only landing asks of git. */
export interface LandingGit extends Git {
  /** Moves of a branch after it was at `since`, the oldest first; null where git keeps no log of it. */
  movesOf(commonDir: string, branch: string, since: ObjectId): Promise<RefMove[] | null>;
  /** Commits that were made in this worktree by git's own commands, not merely checked out or merged in. */
  madeIn(worktree: string): Promise<Set<ObjectId>>;
  /**
   * Settings of the repository's own configuration, and its hooks, by which git starts programs or talks to
   * others; each name with a digest of what it holds.
   */
  actingSettings(commonDir: string): Promise<Record<string, string>>;
  /** Why the two do not merge, file by file; empty where they do. Touches no checkout and no ref. */
  explainConflict(
    repository: string,
    ours: ObjectId,
    theirs: ObjectId,
    options?: { keepOurs?: readonly string[] },
  ): Promise<Conflict[]>;
  /** Paths between the two commits whose content is not in this repository: other repositories, and files of Git LFS. */
  specialChanges(
    repository: string,
    from: ObjectId,
    to: ObjectId,
  ): Promise<{ submodules: string[]; lfs: string[] }>;
  /** The content of a commit. */
  treeOf(repository: string, commit: ObjectId): Promise<ObjectId>;
  parentsOf(repository: string, commit: ObjectId): Promise<ObjectId[]>;
  /** Whether `tip` holds every commit of `head`, or one that makes the same change in its place, as after a rebase. */
  holdsWork(repository: string, head: ObjectId, tip: ObjectId): Promise<boolean>;
  /** The oldest commit on the first-parent line of `tip` that holds `commit`: what brought it in. Null where none does. */
  mergedBy(repository: string, commit: ObjectId, tip: ObjectId): Promise<ObjectId | null>;
  /**
   * Brings a checkout's index and files from `from` to `to` and moves no ref: for one whose fast-forward was
   * cut off (back to where the ref still is), or whose branch was moved under it. Files that somebody edited
   * stay; resolves to those among the files that differ between the two. Repeating it is harmless. Null, and
   * nothing touched, where the checkout has another branch by now.
   * Throws `CheckoutBusyError` while another git works there.
   */
  mendCheckout(checkout: string, branch: string, from: ObjectId, to: ObjectId): Promise<string[] | null>;
  /** Removes the lock that a dead git left on a ref; one that is held stays. */
  freeRef(repository: string, ref: string): Promise<void>;
}

/** What a remote made of a push. `moved`: the branch there is not where it was seen a moment before. */
export type PushOutcome =
  | { readonly kind: "pushed" }
  | { readonly kind: "moved" }
  /** `refused`: it was reached and does not want it. */
  | { readonly kind: "refused" | "unreachable"; readonly why: string };

/**
 * Repositories elsewhere, reached as the person's own git does: with their credentials, and with none of the
 * settings and hooks of the repository, in which an agent may have planted some. Nobody is asked for a password.
 */
export interface Remotes {
  /** Where pushes to the remote go; null where the repository has none of that name. */
  urlOf(repository: string, remote: string): Promise<string | null>;
  /** Where a branch is there; null where there is none. */
  tipOf(
    url: string,
    branch: string,
  ): Promise<{ readonly tip: ObjectId | null } | { readonly unreachable: string }>;
  /** Moves the branch there, only from where it was seen. */
  push(order: {
    readonly repository: string;
    readonly url: string;
    readonly branch: string;
    readonly from: ObjectId | null;
    readonly to: ObjectId;
  }): Promise<PushOutcome>;
  /** Opens a pull request, or finds the one that is open; null where no tool of this machine can. */
  pullRequest(order: PullRequestOrder): Promise<string | null>;
}

export interface PullRequestOrder {
  readonly url: string;
  readonly base: string;
  readonly branch: string;
  readonly title: string;
  readonly body: string;
}

/** Another git works in the checkout, or a person does through it. */
export class CheckoutBusyError extends Error {
  override readonly name = "CheckoutBusyError";
  readonly checkout: string;

  constructor(checkout: string) {
    super(`Another git command is at work in ${checkout}.`);
    this.checkout = checkout;
  }
}

/* -------------------------------------------------------------- backlog */

export type ClaimOutcome =
  | { readonly claimed: true }
  | {
      readonly claimed: false;
      readonly why: "taken" | "closed" | "missing" | "refused";
      readonly detail: string;
    };

export interface SourceHealth {
  readonly kind: "beads" | "backlog";
  readonly ok: boolean;
  readonly version: string | null;
  /** Where the tool was found. */
  readonly path: string | null;
  /** What is wrong and what to do, for people. */
  readonly problem: string | null;
}

export interface ItemDraft {
  readonly title: string;
  readonly type: string;
  readonly priority: number;
  readonly description: string;
  readonly acceptance: string;
  readonly labels: readonly string[];
  readonly parent: ItemId | null;
}

/**
 * A backlog. `actor` is who acts, one name per session, so that two sessions can never hold one claim.
 * A write counts as done only when the tracker's own answer shows the state that was wanted;
 * else it throws a `WorkSourceError` with a `kind`.
 */
export interface WorkSource {
  readonly kind: "beads" | "backlog";
  health(): Promise<SourceHealth>;
  /** Every item, closed ones included. Concurrent calls share one read. */
  list(): Promise<Item[]>;
  /** The ids that the tracker itself calls ready; `label` narrows it. */
  ready(label?: string): Promise<Set<ItemId>>;
  show(id: ItemId): Promise<Item | null>;
  claim(id: ItemId, actor: string): Promise<ClaimOutcome>;
  /** Open again and nobody's; only where `holder` has it, which is the actor where left out. */
  release(id: ItemId, actor: string, holder?: string | null): Promise<void>;
  /** Closing what is closed already succeeds. */
  close(id: ItemId, order: { actor: string; reason: string; comment?: string }): Promise<void>;
  /** Open again and nobody's. */
  reopen(id: ItemId, order: { actor: string; reason: string }): Promise<void>;
  comment(id: ItemId, text: string, actor: string): Promise<void>;
  /** `key` names the attempt, `^[A-Za-z0-9-]{8,64}$`: what was made under it already is answered, and nothing is made. */
  create(draft: ItemDraft, actor: string, key: string): Promise<Item>;
  edit(id: ItemId, change: Partial<ItemDraft>, actor: string): Promise<Item>;
  addDependency(dependency: Dependency, actor: string): Promise<void>;
  removeDependency(dependency: Dependency, actor: string): Promise<void>;
  /** Calls when the backlog may have changed, also from outside; a doorbell, not the truth. */
  watch(changed: () => void): () => void;
}

export type WorkSourceErrorKind =
  | "not-installed"
  | "no-workspace"
  | "not-found"
  | "already-claimed"
  | "blocked"
  | "open-children"
  | "invalid"
  | "locked"
  | "out-of-sync"
  | "schema-skew"
  | "read-only"
  | "timeout"
  | "bad-output"
  | "unknown";

export class WorkSourceError extends Error {
  override readonly name = "WorkSourceError";
  readonly kind: WorkSourceErrorKind;
  /** What the tracker itself said, for the log. */
  readonly output: string;

  constructor(kind: WorkSourceErrorKind, message: string, output = "") {
    super(message);
    this.kind = kind;
    this.output = output;
  }
}

/* --------------------------------------------------------------- agents */

export interface AgentCapabilities {
  /** A question can end the process and be answered by resuming it. */
  readonly defer: boolean;
  readonly schema: boolean;
  readonly subagents: boolean;
  readonly budget: boolean;
  readonly cost: boolean;
}

export interface AgentHealth {
  readonly name: string;
  readonly ok: boolean;
  readonly path: string | null;
  readonly version: string | null;
  /** What is wrong, or limited, and what to do. */
  readonly problem: string | null;
}

/** A role that a review step may call as a subagent, with the prompt that the runner wrote for it. */
export interface RoleOrder {
  readonly role: Role;
  readonly description: string;
  readonly prompt: string;
  readonly mayEdit: boolean;
  /** Null for the session's own. */
  readonly model: string | null;
}

/** One process of an agent, ordered. All paths are absolute. */
export interface StepOrder {
  readonly session: string;
  readonly step: number;
  /** `<session-dir>/steps/NNN`; exists, and the adapter may write its own files into it. */
  readonly stepDir: string;
  readonly sessionDir: string;
  readonly worktree: string;
  readonly agentSession: AgentSessionId;
  /** `start` begins the conversation, `resume` goes on with a prompt, `answer` repeats the call that asked. */
  readonly mode: "start" | "resume" | "answer";
  /** Null exactly where `mode` is `answer`. */
  readonly prompt: string | null;
  readonly answer: {
    readonly toolUseId: string;
    readonly prompts: readonly Prompt[];
    readonly choices: readonly Choice[];
  } | null;
  readonly model: string | null;
  readonly budgetUsd: number | null;
  readonly maxTurns: number | null;
  readonly roles: readonly RoleOrder[];
  /** A JSON schema that the last message has to fit. */
  readonly schema: Readonly<Record<string, unknown>> | null;
  /** The environment that the agent may have, already narrowed; the adapter adds its own variables. */
  readonly env: Readonly<Record<string, string>>;
}

/** What to spawn: no shell ever sees these strings. */
export interface AgentCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** A file that becomes standard input; else it is empty. */
  readonly stdinFile: string | null;
  /** Folders outside of the worktree that the agent has to write, such as its conversations'. */
  readonly ownFolders: readonly string[];
}

/** What a confined process may do with the machine's files; it reads all that is not named. Absolute paths. */
export interface Confinement {
  readonly hidden: readonly string[];
  /** May be read although it lies in what is hidden. */
  readonly readable: readonly string[];
  readonly writable: readonly string[];
  /** Not to be written although it lies in what is writable. */
  readonly kept: readonly string[];
}

/** What a step came to, judged from its files when no process of it lives any more. */
export type StepOutcome =
  | {
      readonly kind: "finished";
      readonly text: string;
      readonly structured: unknown;
      readonly reports: readonly Report[];
      /** Every subagent of the step that came to its end, with a report or without. */
      readonly attended: readonly Attendance[];
      readonly costUsd: number;
    }
  | {
      readonly kind: "asked";
      readonly toolUseId: string;
      readonly prompts: readonly Prompt[];
      readonly context: string;
      readonly costUsd: number;
    }
  | {
      readonly kind: "failed";
      readonly failure: Failure;
      readonly costUsd: number;
      readonly agentSessionLost: boolean;
    };

/** How the wrapper saw the process end; null where it did not get to write it down. */
export interface ProcessEnd {
  readonly exit: number | null;
  readonly signal: string | null;
}

export interface Agent {
  readonly name: string;
  readonly capabilities: AgentCapabilities;
  health(env: Readonly<Record<string, string>>): Promise<AgentHealth>;
  /** Writes what the step needs into `stepDir` and says what to spawn. Calling it again writes the same. */
  prepare(order: StepOrder): Promise<AgentCommand>;
  /** Pure: one line of the stream. */
  parse(line: string): AgentEvent[];
  /** Reads the step's files (`stream.jsonl`, `stderr.log`, the adapter's own); `end` is how its process ended. */
  judge(order: Pick<StepOrder, "stepDir" | "roles" | "schema">, end: ProcessEnd | null): Promise<StepOutcome>;
}

/* ------------------------------------------------------------ processes */

export interface ProcessEndpoints {
  /** Opened for appending; the process writes into them directly. */
  readonly stdoutFile: string;
  readonly stderrFile: string;
  readonly stdinFile: string | null;
  /** Where the wrapper leaves the exit code. */
  readonly exitFile: string;
}

/** Processes that outlive us, and the proof of which ones are ours. */
export interface Processes {
  /** Detached, in its own group, under a `sh` wrapper that writes `exitFile`; `marker` goes into its environment as `AMPLIFY_SESSION`. */
  spawn(
    order: Omit<AgentCommand, "ownFolders"> &
      ProcessEndpoints & {
        readonly cwd: string;
        readonly marker: string;
        readonly confinement?: Confinement | null;
      },
  ): Promise<ProcessIdentity>;
  isAlive(identity: ProcessIdentity): Promise<boolean>;
  /** It lives, and it or a process of its group is suspended (SIGSTOP). */
  isStopped(identity: ProcessIdentity): Promise<boolean>;
  /** SIGTERM, grace, SIGKILL, then every process that carries the marker, until two scans find none. Resolves to the number of processes that had to be ended. */
  endTree(identity: ProcessIdentity | null, marker: string, options?: { graceMs?: number }): Promise<number>;
  /** Holds the whole tree where it is (SIGSTOP), or lets it go on (SIGCONT). */
  suspend(identity: ProcessIdentity, marker: string, isSuspended: boolean): Promise<void>;
  /** Living processes that carry the marker. */
  marked(marker: string): Promise<ProcessIdentity[]>;
  /** Resolves when the process is gone. */
  gone(identity: ProcessIdentity, signal: AbortSignal): Promise<void>;
  readEnd(exitFile: string): Promise<ProcessEnd | null>;
}

/** A short-lived tool: argv only, no shell ever sees these strings. */
export interface ToolOrder {
  /** A path, or a name that is looked up in the `PATH` of `env`. */
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** All that the tool gets; nothing of ours is added. */
  readonly env: Readonly<Record<string, string>>;
  /** Standard input; empty when left out. */
  readonly input?: string;
  readonly timeLimitMs: number;
  /** For each of stdout and stderr; 64 MiB when left out. */
  readonly outputLimitBytes?: number;
  readonly signal?: AbortSignal;
  readonly onOutput?: (text: string, stream: "stdout" | "stderr") => void;
}

/** Only `exited` means that the tool came to its own end. */
export type ToolEnd = "exited" | "time-limit" | "cancelled" | "output-limit" | "not-started";

export interface ToolRun {
  readonly end: ToolEnd;
  /** Null when a signal ended it, or it was not started. */
  readonly exit: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  /** For `not-started`: why. */
  readonly stderr: string;
  readonly durationMs: number;
}

/** Runs a tool in its own process group, which ends with it. Never rejects. */
export type RunTool = (order: ToolOrder) => Promise<ToolRun>;

/** One message to an address outside, which a person configured. */
export interface WebhookOrder {
  /** `https:`, or `http:` where `allowPrivate` is set. */
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Addresses of this machine and its network may be called. */
  readonly allowPrivate: boolean;
}

/** Resolves to the status that came back; rejects where nothing did, or where the address may not be called. */
export type PostWebhook = (order: WebhookOrder) => Promise<{ readonly status: number }>;

/** One command line from the repository's trusted configuration: a setup, a validation, a gate. */
export interface ShellOrder {
  readonly command: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Goes into the environment as `AMPLIFY_SESSION`; every process that carries it ends with the command. */
  readonly marker: string;
  readonly timeLimitMs: number;
  readonly confinement?: Confinement | null;
  readonly signal?: AbortSignal;
  /** stdout and stderr as they come, in one stream. */
  readonly onOutput?: (text: string) => void;
}

export interface ShellRun {
  readonly end: Exclude<ToolEnd, "output-limit">;
  readonly exit: number | null;
  readonly signal: string | null;
  readonly durationMs: number;
  /** The last part of what it printed, 16 KiB at most; for `not-started`: why. */
  readonly tail: string;
}

/** Runs a configured command line with `sh -c`. Never rejects for what the command does. */
export type RunShell = (order: ShellOrder) => Promise<ShellRun>;
