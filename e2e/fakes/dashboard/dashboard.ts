import { EventEmitter } from "node:events";
import type {
  Attendance,
  CommandInput,
  CommandName,
  CommentView,
  Fact,
  FollowAnswer,
  LandingView,
  LogRef,
  LoopView,
  SessionOverlapView,
  Problem,
  Pulse,
  QuestionView,
  ReadInput,
  ReadName,
  RepositoryView,
  RoleName,
  SessionView,
  Snapshot,
  StandingAnswerView,
} from "#lib/contract/wire.ts";
import { commands, reads } from "#lib/contract/wire.ts";
import { attentionOf } from "#lib/domain/attention.ts";
import { parseRepositoryId } from "#lib/domain/ids.ts";
import { landingSteps } from "#lib/domain/merge.ts";
import type { Question } from "#lib/domain/question.ts";
import { answer, describeAnswerProblem } from "#lib/domain/question.ts";
import { refusedTo } from "#server/team/can.ts";
import { actorNamed } from "../../fixtures/actor.ts";
import { mergePlan } from "./merge-plan.ts";
import { diffOf } from "./diff.ts";
import { archivesOf, storageOf } from "./archives.ts";
import { StoryBacklog } from "./backlog.ts";
import { companyOf } from "./company.ts";
import { doctorOf } from "./doctor.ts";
import { answered, standingAnswers } from "./questions.ts";
import { agreed, disputed, sitting } from "./reviews.ts";
import { ago, base, makeSession, oid, repository } from "./sessions.ts";
import { gateLines } from "./lane.ts";
import { auditOf, pastFacts, teamOf } from "./team.ts";
import { full, type Story } from "./story.ts";
import { StoryWebhooks } from "./webhooks.ts";
import { council, implementation, outputLines } from "./stream.ts";

export class Refusal extends Error {
  readonly problem: Problem;

  constructor(code: Problem["code"], message: string, fix: string | null = null) {
    super(message);
    this.problem = { code, message, fix };
  }
}

interface Events {
  facts: [Fact[]];
  pulse: [Pulse[]];
  log: [LogRef, string];
}

/** The server's inside as a story: enough of it that every page and every command shows something real. */
export class Dashboard extends EventEmitter<Events> {
  readonly #role: RoleName;
  readonly #isInsecure: boolean;
  readonly #repositories: Map<string, RepositoryView>;
  readonly #sessions: Map<string, SessionView>;
  readonly #questions: Map<string, QuestionView>;
  readonly #backlog: StoryBacklog;
  readonly #landings: Map<string, LandingView>;
  readonly #loops: Map<string, LoopView>;
  readonly #overlaps: readonly SessionOverlapView[];
  readonly #facts: Fact[];
  readonly #logs = new Map<string, string>();
  readonly #ended: Question[] = [...answered];
  readonly #comments: { session: string; comment: CommentView }[] = [];
  readonly #webhooks = new StoryWebhooks();
  #answers: StandingAnswerView[] = [...standingAnswers];

  constructor(story: Story = full, role: RoleName = "owner", isInsecure = false) {
    super();
    this.#role = role;
    this.#isInsecure = isInsecure;
    this.#facts =
      story.repositories.length === 0
        ? []
        : pastFacts(40)
            .toReversed()
            .map((fact) => ({ ...fact, changes: {} }));
    this.#repositories = new Map(story.repositories.map((each) => [each.id, each]));
    this.#sessions = new Map(story.sessions.map((session) => [session.id, session]));
    this.#questions = new Map(story.questions.map((view) => [`${view.session}/${view.question.id}`, view]));
    this.#backlog = new StoryBacklog(story.items);
    this.#landings = new Map(story.landings.map((landing) => [landing.id, landing]));
    this.#overlaps = story.overlaps;
    this.#loops = new Map(story.loops.map((loop) => [loop.id, loop]));
  }

  /** Everything after `since`, or a snapshot. */
  follow(since: number | null): FollowAnswer {
    if (since === null || since > this.#facts.length) return { kind: "snapshot", snapshot: this.snapshot() };
    return { kind: "facts", facts: this.#facts.slice(since) };
  }

  snapshot(): Snapshot {
    return {
      seq: this.#facts.length,
      me: {
        id: this.#role === "owner" ? "owner" : "mara",
        name: "mara",
        role: this.#role,
        device: "0123456789abcdef",
        instance: "51c7",
        version: "0.1.0",
        place: { url: "http://127.0.0.1:4747", reach: "machine", isInsecure: this.#isInsecure },
        refused: refusedTo({ ...actorNamed("mara", this.#role), isConfined: this.#isInsecure }),
        lands: this.#role === "owner" ? null : [],
      },
      repositories: [...this.#repositories.values()],
      sessions: [...this.#sessions.values()],
      questions: [...this.#questions.values()],
      items: [...this.#backlog.items.values()].filter(({ status }) => status !== "closed"),
      landings: [...this.#landings.values()],
      overlaps: [...this.#overlaps],
      loops: [...this.#loops.values()],
      recent: this.#facts.slice(-20),
    };
  }

  attendance(): Attendance {
    return companyOf([...this.#questions.values()], this.#role);
  }

  command(name: CommandName, raw: unknown): unknown {
    switch (name) {
      case "session:dispatch":
        return this.#dispatch(commands[name].input.parse(raw).item);
      case "session:stop": {
        const { session: ref, discard } = commands[name].input.parse(raw);
        return this.#move(ref, "session:stopped", {
          status: "stopped",
          reason: {
            code: discard ? "given-up" : "stopped",
            text: discard ? "mara gave it up." : "mara stopped it.",
            detail: "",
            remedy: discard ? "Dispatch the item again." : "Resume it, or dispatch the item again.",
          },
          evidence: { process: "none", lastByteAt: null, tool: null, derived: null },
        });
      }
      case "session:resume":
      case "session:rework":
      case "session:send-back":
        return this.#move((raw as CommandInput<"session:resume">).session, "session:moved", {
          status: "running",
          reason: null,
          evidence: { process: "alive", lastByteAt: ago(0), tool: null, derived: null },
        });
      case "session:resume-interrupted": {
        const cut = [...this.#sessions.values()].filter(({ status }) => status === "interrupted");
        for (const { id } of cut)
          this.#move(id, "session:moved", {
            status: "running",
            reason: null,
            evidence: { process: "alive", lastByteAt: ago(0), tool: null, derived: null },
          });
        return { resumed: cut.map(({ id }) => id) };
      }
      case "session:overrule": {
        const { session: ref, verdict, reason, head } = commands[name].input.parse(raw);
        const decided = verdict === "approve" ? ("approved" as const) : ("rejected" as const);
        const session = this.#find(ref);
        const overruled = {
          verdict: decided,
          by: "mara",
          reason,
          at: ago(0),
          head: head ?? session.head ?? base,
        };
        return this.#move(ref, "review:overruled", {
          status: decided,
          overruled,
          reason:
            verdict === "approve"
              ? null
              : {
                  code: "overruled",
                  text: "mara rejected it.",
                  detail: reason,
                  remedy: "Send it to rework, or dispatch the item again.",
                },
        });
      }
      case "comment:add": {
        const { session: ref, ...words } = commands[name].input.parse(raw);
        const session = this.#find(ref);
        const comment: CommentView = {
          ...words,
          id: `c-${String(this.#comments.length + 1)}`,
          by: "mara",
          at: ago(0),
          status: "open",
        };
        this.#comments.push({ session: session.id, comment });
        return { comment, ...this.#move(ref, "comment:added", { comments: session.comments + 1 }) };
      }
      case "comment:remove": {
        const { session: ref, comment } = commands[name].input.parse(raw);
        const session = this.#find(ref);
        const at = this.#comments.findIndex(
          (each) => each.session === session.id && each.comment.id === comment,
        );
        if (at >= 0) this.#comments.splice(at, 1);
        return this.#move(ref, "comment:removed", { comments: Math.max(0, session.comments - 1) });
      }
      case "session:message":
        return { session: this.#find((raw as CommandInput<"session:message">).session) };
      case "question:answer":
        return this.#answer(commands[name].input.parse(raw));
      case "question:answer-alike": {
        const { questions: chosen, choices } = commands[name].input.parse(raw);
        for (const each of chosen) this.#answer({ ...each, choices });
        return { results: chosen.map((each) => ({ ...each, delivery: "delivered", problem: null })) };
      }
      case "answers:add": {
        const input = commands[name].input.parse(raw);
        const added: StandingAnswerView = {
          id: this.#answers.length + 1,
          repository: repository.id,
          rule: input.rule ?? { texts: ["?"], options: null, agentType: null },
          choices: input.choices ?? [],
          by: "mara",
          createdAt: ago(0),
          used: 0,
          usedAt: null,
          revokedAt: null,
          revokedBy: null,
        };
        this.#answers = [added, ...this.#answers.filter(({ id }) => id !== input.replaces)];
        this.#tell("answers:added", null, `mara made standing answer #${String(added.id)}.`, {});
        return { answer: added };
      }
      case "answers:remove": {
        const { id: gone } = commands[name].input.parse(raw);
        const found = this.#answers.find(({ id, revokedAt }) => id === gone && revokedAt === null);
        if (!found) throw new Refusal("not-found", `There is no standing answer #${String(gone)}.`);
        const revoked = { ...found, revokedAt: ago(0), revokedBy: "mara" };
        this.#answers = this.#answers.map((each) => (each === found ? revoked : each));
        this.#tell("answers:revoked", null, `mara revoked standing answer #${String(gone)}.`, {});
        return { answer: found };
      }
      case "queue:resume":
        return { resumed: [] };
      case "webhook:add": {
        const { url, format, allowPrivate } = commands[name].input.parse(raw);
        return { webhook: this.#webhooks.add({ url, format, allowPrivate }) };
      }
      case "webhook:remove":
        return { webhook: this.#webhooks.remove(commands[name].input.parse(raw).webhook) };
      case "webhook:test":
        return { ok: true, status: 200, problem: null };
      case "merge:start": {
        const input = commands[name].input.parse(raw);
        const approved = [...this.#sessions.values()].filter(({ status }) => status === "approved");
        const chosen = input.session === null ? approved : [this.#find(input.session)];
        return { landings: chosen.map((session) => this.#land(session)) };
      }
      case "merge:cancel":
        return { cancelled: [], tooLate: [] };
      case "merge:revert": {
        const { session: ref, reason } = commands[name].input.parse(raw);
        const session = this.#find(ref);
        const commit = session.mergeCommit ?? oid(session.id);
        const reverted = { commit, by: "mara", at: ago(0), reason };
        const landing = {
          ...this.#landing(session),
          kind: "revert" as const,
          status: "landed" as const,
          commit,
        };
        this.#tell("merge:reverted", session, `${session.item.id} was taken back.`, {
          landings: [{ ...landing, step: "cleaned", message: "Taken back from main.", endedAt: ago(0) }],
          sessions: [{ ...session, reverted }],
        });
        return { landing };
      }
      case "session:cleanup":
        return { checked: this.#sessions.size, findings: [] };
      case "repository:acknowledge": {
        const quiet = { ...repository, alarms: [] };
        this.#tell("repository:changed", null, "mara has looked at the alarms.", { repositories: [quiet] });
        return { repository: quiet, acknowledged: repository.alarms };
      }
      case "repository:add": {
        const { path } = commands[name].input.parse(raw);
        const added: RepositoryView = {
          ...repository,
          id: parseRepositoryId(oid(path).slice(0, 16)),
          name: path.split("/").findLast((part) => part !== "") ?? path,
          root: path,
          source: "backlog",
        };
        this.#tell("repository:added", null, `${added.name} was added.`, { repositories: [added] });
        return { repository: added, added: true };
      }
      case "repository:remove": {
        const { repository: id } = commands[name].input.parse(raw);
        this.#tell("repository:removed", null, `mara removed ${repository.name} from Amplify.`, {
          removedRepositories: [id],
        });
        return { repository: { ...repository, id } };
      }
      case "session:dispatch-ready": {
        const { repository: owner } = commands[name].input.parse(raw);
        const ready = this.snapshot().items.filter(
          (item) => item.unready === null && (owner === null || item.repository === owner),
        );
        return { dispatched: ready.map(({ id }) => this.#dispatch(id).session), skipped: [] };
      }
      case "loop:start": {
        const input = commands[name].input.parse(raw);
        const loop: LoopView = {
          ...input,
          id: `loop-${oid(String(this.#facts.length)).slice(0, 8)}`,
          repository: input.repository ?? repository.id,
          status: "running",
          reason: null,
          parked: [],
          by: "mara",
          startedAt: ago(0),
          endedAt: null,
        };
        this.#tell("loop:started", null, "mara began to work off the backlog.", { loops: [loop] });
        return { loop, started: true };
      }
      case "loop:stop": {
        const { loop: id } = commands[name].input.parse(raw);
        const loops = [...this.#loops.values()]
          .filter((loop) => loop.status === "running" && (id === null || loop.id === id))
          .map((loop) => ({
            ...loop,
            status: "stopped" as const,
            reason: "mara stopped it.",
            endedAt: ago(0),
          }));
        this.#tell("loop:stopped", null, "mara stopped working off the backlog.", { loops });
        return { loops };
      }
      case "item:create":
      case "item:edit":
      case "item:close":
      case "item:reopen":
      case "item:release":
      case "item:depend": {
        const owner = (raw as CommandInput<"item:create">).repository;
        const item = this.#backlog.write(name, raw, owner ? parseRepositoryId(owner) : repository.id);
        if (!item) throw new Refusal("not-found", "There is no such item.");
        this.#tell("backlog:changed", null, `${item.id} was changed.`, { items: [item] });
        return { item };
      }
      case "archive:restore":
      case "archive:remove":
        throw new Refusal("not-found", "Nothing was archived.");
      case "team:link":
        return { url: `http://127.0.0.1:4747/login#${"a".repeat(43)}`, expiresAt: ago(-600_000) };
      case "team:invite": {
        const [invitation] = teamOf([]).invitations;
        return {
          invitation,
          url: `http://127.0.0.1:4747/login#${"b".repeat(43)}`,
          expiresAt: ago(-86_400_000),
        };
      }
      case "team:withdraw":
      case "team:revoke":
      case "team:role":
      case "team:grant":
      case "team:sign-out":
      case "token:create":
      case "token:revoke":
      case "owner:reset":
        throw new Refusal("unavailable", "This fake has nobody but you.");
      default:
        throw new Refusal("unavailable", `The story does not tell of ${name}.`);
    }
  }

  read(name: ReadName, raw: unknown): unknown {
    const ofSession = () => this.#find((raw as ReadInput<"session">).session);
    switch (name) {
      case "session":
        return this.#detail(ofSession());
      case "diff":
        return diffOf(ofSession());
      case "preview": {
        const session = ofSession();
        const isClean = session.item.id !== "bd-ui.9";
        return {
          session: session.id,
          base,
          head: session.head,
          clean: isClean,
          conflicts: isClean ? [] : ["src/orders/order-list.tsx", "src/orders/order-row.tsx"],
          obstacles: [],
          ...(session.changes ?? { files: 0, added: 0, removed: 0 }),
        };
      }
      case "merge-plan": {
        const { repository: of } = reads[name].input.parse(raw);
        const about = this.snapshot().repositories.find(({ id }) => id === of) ?? repository;
        return mergePlan(about, base, [...this.#sessions.values()]);
      }
      case "item": {
        const item = this.#backlog.items.get(reads.item.input.parse(raw).item);
        if (!item) throw new Refusal("not-found", "There is no such item.");
        return this.#backlog.detail(item);
      }
      case "me":
        return this.snapshot().me;
      case "team":
        return teamOf([...this.#repositories.values()]);
      case "audit": {
        const { before, limit } = reads.audit.input.parse(raw);
        return auditOf(before, limit);
      }
      case "questions":
        return this.snapshot().questions;
      case "items":
        return [...this.#backlog.items.values()];
      case "agent-types":
        return {
          types: ["backend-engineer", "default", "frontend-engineer", "test-engineer", "writer"],
          choice: { type: "backend-engineer", why: "rule for label project:auth" },
        };
      case "repositories":
        return this.snapshot().repositories;
      case "activity": {
        const { before } = reads.activity.input.parse(raw);
        const past = this.#facts.filter(({ seq }) => before === null || seq < before);
        return { facts: past.toReversed(), next: null };
      }
      case "loops":
        return this.snapshot().loops;
      case "status":
      case "sessions":
        return { sessions: [...this.#sessions.values()], questions: this.snapshot().questions, next: null };
      case "overlaps":
        return this.#overlaps;
      case "archives": {
        const { session } = reads[name].input.parse(raw);
        const [first] = this.#repositories.values();
        const all = first ? archivesOf(first) : [];
        return session === null ? all : all.filter((each) => each.session === session);
      }
      case "storage":
        return storageOf([...this.#repositories.values()]);
      case "answers": {
        const { all } = reads[name].input.parse(raw);
        return this.#answers.filter(({ revokedAt }) => all || revokedAt === null);
      }
      case "inbox": {
        const { sessions, questions, landings, loops, items } = this.snapshot();
        const open = new Map(items.map((item) => [`${item.repository}/${item.id}`, item.downstream]));
        return attentionOf({
          sessions,
          questions,
          landings,
          loops,
          downstreamOf: (owner, item) => open.get(`${owner}/${item}`) ?? null,
        });
      }
      case "webhooks":
        return this.#webhooks.list();
      case "alerts":
        return [];
      case "archive":
        throw new Refusal("not-found", "Nothing was archived.");
      case "merges":
        return {
          approved: [...this.#sessions.values()].filter(({ status }) => status === "approved"),
          landings: this.snapshot().landings,
        };
      case "doctor": {
        const asked = this.#repositories.get(reads.doctor.input.parse(raw).repository ?? "");
        return asked ? doctorOf(asked) : [];
      }
      default:
        throw new Refusal("unavailable", `The story does not tell of ${String(name)}.`);
    }
  }

  /** The whole text of a log so far. */
  log(ref: LogRef): string {
    const key = JSON.stringify([ref.session, ref.stream, ref.step]);
    let text = this.#logs.get(key);
    if (text === undefined) {
      const session = this.#find(ref.session);
      const isOver = session.evidence.process !== "alive" || ref.step < session.steps;
      const lines =
        ref.stream === "gate"
          ? [...gateLines]
          : ref.stream === "output"
            ? outputLines
            : session.phase === "review" && ref.step === session.steps
              ? council()
              : ref.step === 2 && session.verdict !== null
                ? council()
                : implementation(isOver);
      text = `${lines.join("\n")}\n`;
      this.#logs.set(key, text);
    }
    return text;
  }

  /** One second of the story: signs of life, and output of those at work. */
  tick(n: number): void {
    const working = [...this.#sessions.values()].filter(
      ({ evidence }) => evidence.process === "alive" && evidence.derived === null,
    );
    this.emit(
      "pulse",
      working.map((session) => {
        const evidence = { ...session.evidence, lastByteAt: ago(0) };
        this.#sessions.set(session.id, { ...session, evidence });
        return { session: session.id, evidence };
      }),
    );
    for (const session of working) {
      const ref: LogRef = { session: session.id, stream: "output", step: 0 };
      const text = `\u001b[2m${new Date().toISOString().slice(11, 19)}\u001b[0m   \u001b[32m✓\u001b[0m still going, line ${String(n)}\n`;
      this.#logs.set(JSON.stringify([ref.session, ref.stream, ref.step]), this.log(ref) + text);
      this.emit("log", ref, text);
    }
    for (const landing of this.#landings.values()) {
      if (landing.gate?.status !== "running" || landing.gate.log === null) continue;
      const ref: LogRef = { session: landing.session, stream: "gate", step: landing.gate.log };
      const text = `\u001b[32m✓\u001b[0m src/checkout/part-${String(n)}.test.ts \u001b[2m(4 tests)\u001b[0m 31ms\n`;
      this.#logs.set(JSON.stringify([ref.session, ref.stream, ref.step]), this.log(ref) + text);
      this.emit("log", ref, text);
    }
    if (n % 8 === 0 && working[0]) {
      const session = working[n % working.length] ?? working[0];
      this.#tell("session:moved", session, `${session.item.id} goes on.`, {
        sessions: [{ ...session, costUsd: session.costUsd + 0.03 }],
      });
    }
  }

  #find(ref: string): SessionView {
    const session =
      this.#sessions.get(ref) ?? [...this.#sessions.values()].find(({ item }) => item.id === ref);
    if (!session)
      throw new Refusal("not-found", `There is no session ${ref}.`, "See `amplify session status`.");
    return session;
  }

  #tell(name: Fact["name"], session: SessionView | null, text: string, changes: Fact["changes"]): void {
    for (const each of changes.sessions ?? []) this.#sessions.set(each.id, each);
    for (const each of changes.landings ?? []) this.#landings.set(each.id, each);
    for (const each of changes.items ?? []) this.#backlog.items.set(each.id, each);
    for (const each of changes.loops ?? []) this.#loops.set(each.id, each);
    for (const each of changes.repositories ?? []) this.#repositories.set(each.id, each);
    const fact: Fact = {
      seq: this.#facts.length + 1,
      at: ago(0),
      name,
      repository: repository.id,
      session: session?.id ?? null,
      actor: "mara",
      text,
      changes,
    };
    this.#facts.push(fact);
    this.emit("facts", [fact]);
  }

  #move(ref: string, name: Fact["name"], change: Partial<SessionView>): { session: SessionView } {
    const session = { ...this.#find(ref), since: ago(0), ...change };
    this.#tell(name, session, `${session.item.id} is ${session.status}.`, { sessions: [session] });
    return { session };
  }

  #dispatch(id: string): { session: SessionView; replaced: null } {
    const item = this.#backlog.items.get(id);
    if (!item) throw new Refusal("not-found", `There is no item ${id}.`);
    if (item.unready !== null)
      throw new Refusal(
        "conflict",
        `${id} cannot be dispatched: ${item.unready}.`,
        "Merge what blocks it, or choose another item.",
      );
    const session = makeSession({
      item: id,
      title: item.title,
      type: item.type,
      priority: item.priority,
      labels: [...item.labels],
      minutes: 0,
      view: { status: "preparing", head: null, steps: 0 },
    });
    this.#tell("session:dispatched", session, `${id} was dispatched.`, {
      sessions: [session],
      items: [{ ...item, unready: `assigned to amplify/${session.id}`, status: "in_progress" }],
    });
    setTimeout(() => {
      this.#move(session.id, "session:started", {
        status: "running",
        steps: 1,
        pid: 43001,
        head: oid(id),
        evidence: { process: "alive", lastByteAt: ago(0), tool: null, derived: null },
      });
    }, 1500);
    return { session, replaced: null };
  }

  #answer(input: {
    session: string | null;
    question: string | null;
    choices: QuestionView["question"] extends never ? never : { labels: string[]; text: string }[] | null;
  }): unknown {
    const view = this.#questions.get(`${input.session ?? ""}/${input.question ?? ""}`);
    if (!view)
      throw new Refusal(
        "conflict",
        "mara answered it a moment ago; that answer stands.",
        "Reload to see it.",
      );
    const done = answer(view.question, { choices: input.choices ?? [], by: "mara", at: ago(0) });
    if ("problem" in done)
      throw new Refusal("invalid", describeAnswerProblem(done.problem), "Choose for each part, then send.");
    const session = this.#find(view.session);
    const ended = { ...view, question: done.question };
    this.#questions.delete(`${view.session}/${view.question.id}`);
    this.#ended.push(done.question);
    this.#tell("question:answered", session, `${view.item.id}: answered.`, {
      questions: [ended],
      sessions: [
        {
          ...session,
          status: "running",
          openQuestions: 0,
          since: ago(0),
          evidence: { process: "alive", lastByteAt: ago(0), tool: null, derived: null },
        },
      ],
    });
    return { question: ended, delivery: "delivered" };
  }

  #landing(session: SessionView): LandingView {
    return {
      id: `l-${session.id}`,
      kind: "merge",
      train: null,
      session: session.id,
      repository: repository.id,
      item: session.item.id,
      head: session.head ?? oid(session.id),
      status: "running",
      step: null,
      message: "Landing.",
      conflicts: [],
      gate: null,
      commit: null,
      url: null,
      by: "mara",
      startedAt: ago(0),
      endedAt: null,
    };
  }

  #land(session: SessionView): LandingView {
    const landing = this.#landing(session);
    this.#tell("merge:started", session, `${session.item.id} is landing.`, {
      landings: [landing],
      sessions: [{ ...session, status: "merging", since: ago(0) }],
    });
    const isConflict = session.item.id === "bd-ui.9";
    for (const [index, step] of landingSteps.entries()) {
      setTimeout(
        () => {
          const isLast = index === landingSteps.length - 1;
          if (isConflict && index > 0) {
            if (index > 1) return;
            this.#tell("merge:refused", session, `${session.item.id} conflicts with main.`, {
              landings: [
                {
                  ...landing,
                  status: "conflict",
                  endedAt: ago(0),
                  message:
                    "It conflicts with main. Nothing was changed; the branch is kept. Send it to rework, and the agent resolves it.",
                  conflicts: ["src/orders/order-list.tsx"],
                },
              ],
              sessions: [
                {
                  ...session,
                  status: "failed",
                  since: ago(0),
                  reason: {
                    code: "merge-conflict",
                    text: "The branch conflicts with its base.",
                    detail: "src/orders/order-list.tsx",
                    remedy: "person",
                  },
                },
              ],
            });
            return;
          }
          this.#tell(
            isLast ? "merge:landed" : "merge:advanced",
            session,
            isLast ? `${session.item.id} has landed on main.` : `${session.item.id}: ${step}.`,
            {
              landings: [
                {
                  ...landing,
                  step,
                  ...(isLast
                    ? {
                        status: "landed" as const,
                        endedAt: ago(0),
                        commit: oid(`merge ${session.id}`),
                        message: session.summary ?? session.item.title,
                      }
                    : {}),
                },
              ],
              ...(isLast
                ? {
                    sessions: [
                      {
                        ...session,
                        status: "merged" as const,
                        since: ago(0),
                        endedAt: ago(0),
                        mergeCommit: oid(`merge ${session.id}`),
                      },
                    ],
                    removedItems: [{ repository: repository.id, id: session.item.id }],
                  }
                : {}),
            },
          );
        },
        500 * (index + 1),
      );
    }
    return landing;
  }

  #detail(session: SessionView): unknown {
    const start = session.startedAt ?? session.createdAt;
    const later = (minutes: number) => new Date(Date.parse(start) + minutes * 60_000).toISOString();
    const hasReview = session.verdict !== null;
    const isDisputed = session.item.id === "bd-auth.2" || session.item.id === "bd-mail.1";
    return {
      session,
      questions: [
        ...[...this.#questions.values()]
          .filter((view) => view.session === session.id)
          .map(({ question }) => question),
        ...(session.item.id === "bd-auth.5" ? this.#ended : []),
      ],
      reviews: hasReview
        ? [
            ...(isDisputed
              ? [{ ...agreed("first try"), verdict: "rejected", by: "consensus", reason: null }]
              : []),
            {
              ...(isDisputed ? disputed : agreed)(session.item.id),
              ...(session.status === "rejected" ? { verdict: "rejected" } : {}),
            },
          ]
        : [],
      sitting: session.status === "reviewing" ? sitting(session.item.id) : null,
      comments: this.#comments.flatMap(({ session: about, comment }) =>
        about === session.id ? [comment] : [],
      ),
      council: {
        rebuttals: 1,
        timeLimitMs: 3_600_000,
        budgetUsd: 2,
        reworkRounds: 2,
        overrule: "landers",
      },
      validation:
        hasReview || session.phase === "review"
          ? {
              passed: true,
              head: session.head,
              commands: [
                { name: "types", command: "npx tsc --noEmit", exit: 0, durationMs: 8200, tail: "" },
                {
                  name: "test",
                  command: "npm test",
                  exit: 0,
                  durationMs: 31_400,
                  tail: "\u001b[32m✓\u001b[0m 412 tests in 35 files",
                },
              ],
            }
          : null,
      summary:
        session.summary === null
          ? null
          : `${session.summary}\n\nPasswords are hashed with argon2id; old hashes are replaced at the next sign-in.\n\n- validated: types, test\n- not done: nothing`,
      timeline: [
        { at: start, kind: "prepared", text: `Worktree ${session.worktree} at ${base.slice(0, 9)}` },
        { at: later(0.2), kind: "step-started", text: "Step 1: implement" },
        ...(hasReview
          ? [
              { at: later(9), kind: "step-finished", text: "Step 1 finished, $0.84" },
              { at: later(9.3), kind: "validated", text: "Validation red: test" },
              { at: later(9.4), kind: "step-started", text: "Step 2: repair, attempt 1" },
              {
                at: later(14),
                kind: "completed",
                text: `Completed: ${session.summary ?? session.item.title}`,
              },
              { at: later(14.1), kind: "council-opened", text: "Council opened" },
              { at: later(23), kind: "review-concluded", text: `Council: ${session.verdict ?? ""}` },
            ]
          : []),
        ...(session.status === "reviewing"
          ? [
              { at: later(30), kind: "completed", text: `The work is completed: ${session.summary ?? ""}` },
              { at: later(30.2), kind: "council-opened", text: "The review council has begun." },
              { at: later(38), kind: "part-held", text: "The council held its examination." },
              { at: later(38.1), kind: "step-started", text: "Step 6: the council's rebuttal." },
            ]
          : []),
        ...(session.openQuestions > 0
          ? [{ at: session.since, kind: "step-asked", text: "implementer asks (q-1)." }]
          : []),
        ...(session.reason
          ? [
              {
                at: session.since,
                kind: session.status === "interrupted" ? "interrupted" : "failed",
                text: session.reason.text,
              },
            ]
          : []),
      ].map((event) => ({ ...event, isBad: /red: |rejected/.test(event.text) })),
      steps: Array.from({ length: session.steps }, (_, index) => ({
        number: index + 1,
        purpose:
          index === 0
            ? "implement"
            : session.phase === "review" || hasReview
              ? index % 2 === 1
                ? "examination"
                : "rework"
              : "continue",
        startedAt: later(index * 5),
      })),
      landings: [...this.#landings.values()].filter((landing) => landing.session === session.id),
      meetings: this.#overlaps.find((each) => each.session === session.id)?.meetings ?? [],
    };
  }
}
