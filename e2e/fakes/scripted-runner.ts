import { appendFile, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { inboxSchema, type InboxEntry, specSchema, type Spec } from "#lib/contract/files.ts";
import { parseObjectId, questionIdFor, type AgentSessionId, type ObjectId } from "#lib/domain/ids.ts";
import type { ProcessIdentity } from "#lib/domain/run-state.ts";
import type { RunEvent } from "#lib/domain/run-event.ts";
import type { Report, Review } from "#lib/domain/review.ts";
import { runGit } from "../fixtures/repository.ts";

type WithoutTime<Event> = Event extends RunEvent ? Omit<Event, "at"> : never;
export type Happening = WithoutTime<RunEvent>;

const agentSession = "00000000-0000-4000-8000-000000000001" as AgentSessionId;

/** Does in a session's directory what the runner does, one event at a time, as a test tells it. */
export interface ScriptedRunner {
  readonly directory: string;
  spec(): Promise<Spec>;
  /** The inbox in its order. */
  inbox(): Promise<InboxEntry[]>;
  write(...events: readonly Happening[]): Promise<void>;
  /** Makes the real worktree and branch and says so. */
  prepare(): Promise<void>;
  /** Starts the next step as `process` and leaves it running. */
  startStep(process?: ProcessIdentity): Promise<number>;
  /** Commits a file in the worktree; resolves to the new head. */
  work(file: string, text: string): Promise<ObjectId>;
  /** Ends the running step and completes the work with what was committed. */
  complete(summary?: string): Promise<ObjectId>;
  /** Holds a council over the completed work. */
  review(verdict: "approve" | "changes"): Promise<Review>;
  /** From the worktree to an approval of one committed file. */
  bringToApproval(file?: string, text?: string): Promise<ObjectId>;
  /** Ends the running step with a question. */
  ask(text: string, options?: readonly string[]): Promise<void>;
}

export function createScriptedRunner(directory: string, now: () => Date): ScriptedRunner {
  let seq = 0;
  let steps = 0;
  let questions = 0;
  let head: ObjectId | null = null;

  const spec = async () => specSchema.parse(JSON.parse(await readFile(join(directory, "spec.json"), "utf8")));

  const runner: ScriptedRunner = {
    directory,
    spec,
    async inbox() {
      const names = await readdir(join(directory, "inbox")).catch(() => []);
      return Promise.all(
        names
          .filter((name) => !name.startsWith("."))
          .sort()
          .map(async (name) =>
            inboxSchema.parse(JSON.parse(await readFile(join(directory, "inbox", name), "utf8"))),
          ),
      );
    },
    async write(...events) {
      const lines = events.map((event) => {
        seq += 1;
        return `${JSON.stringify({ seq, event: { ...event, at: now().toISOString() } })}\n`;
      });
      await appendFile(join(directory, "events.jsonl"), lines.join(""));
    },
    async prepare() {
      const { worktree, base, branch, repository } = await spec();
      await runGit(repository.root, "worktree", "add", "--quiet", "-b", branch, worktree, base.oid);
      head = base.oid;
      await runner.write({ kind: "prepared", worktree, base: base.oid });
    },
    async startStep(process) {
      steps += 1;
      const step = steps;
      await mkdir(join(directory, "steps", String(step).padStart(3, "0")), { recursive: true });
      const purpose = { phase: "implementation", work: { kind: "implement" } } as const;
      await runner.write({ kind: "step-started", step, purpose, agentSession, delivers: null });
      if (process) await runner.write({ kind: "step-spawned", step, process });
      return step;
    },
    async work(file, text) {
      const { worktree } = await spec();
      await mkdir(worktree, { recursive: true });
      await appendFile(join(worktree, file), text);
      await runGit(worktree, "add", "--all");
      await runGit(worktree, "commit", "--quiet", "--message", `Change ${file}`);
      head = parseObjectId(await runGit(worktree, "rev-parse", "HEAD"));
      return head;
    },
    async complete(summary = "What was done") {
      const at = await currentHead();
      await runner.write(
        { kind: "step-finished", step: steps, costUsd: 0.25, head: at },
        { kind: "validated", validation: { passed: true, commands: [], head: at } },
        { kind: "completed", head: at, summary },
      );
      return at;
    },
    async review(verdict) {
      const at = await currentHead();
      const { base } = await spec();
      steps += 1;
      const report = (role: Report["role"]): Report => ({
        role,
        verdict,
        summary: "Read",
        findings: [],
        responses: [],
        earlier: [],
      });
      const held = {
        part: "examination",
        reports: [report("implementer"), report("peer-reviewer")],
        retold: null,
        headBefore: at,
        headAfter: at,
        attended: [],
      } as const;
      const review: Review = {
        number: 1,
        round: 0,
        verdict: verdict === "approve" ? "approved" : "rejected",
        by: "consensus",
        reason: null,
        base: base.oid,
        head: at,
        parts: [held],
        uncounted: [],
        earlier: [],
        fixes: [],
        validation: null,
        limits: null,
        startedAt: now().toISOString(),
        endedAt: now().toISOString(),
        costUsd: 0.5,
      };
      await runner.write(
        { kind: "council-opened", base: base.oid, head: at },
        {
          kind: "step-started",
          step: steps,
          purpose: { phase: "review", part: "examination", again: false },
          agentSession,
          delivers: null,
        },
        { kind: "step-finished", step: steps, costUsd: 0.5, head: at },
        { kind: "part-held", held },
        { kind: "review-concluded", review },
      );
      return review;
    },
    async bringToApproval(file = "work.txt", text = "done\n") {
      await runner.prepare();
      await runner.startStep();
      const at = await runner.work(file, text);
      await runner.complete();
      await runner.review("approve");
      return at;
    },
    async ask(text, options = []) {
      questions += 1;
      await runner.write({
        kind: "step-asked",
        step: steps,
        costUsd: 0.1,
        question: {
          id: questionIdFor(questions),
          prompts: [
            {
              text,
              header: "Choice",
              options: options.map((label) => ({ label, description: "" })),
              multiple: false,
            },
          ],
          asker: { role: "implementer", phase: "implementation", step: steps },
          context: "",
          askedAt: now().toISOString(),
          toolUseId: `toolu_${String(questions)}`,
        },
      });
    },
  };
  return runner;

  async function currentHead(): Promise<ObjectId> {
    head ??= (await spec()).base.oid;
    return head;
  }
}
