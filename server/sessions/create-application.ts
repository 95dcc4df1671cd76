import { join } from "node:path";
import type { MeView } from "#lib/contract/wire.ts";
import { reads } from "#lib/contract/wire.ts";
import type { AgentEvent } from "#lib/domain/agent-events.ts";
import type { RepositoryId } from "#lib/domain/ids.ts";
import { type Actor, type Application, ProblemError } from "../application.ts";
import type { Merging, MergingDeps } from "../merging/ports.ts";
import type { Clock, LandingGit, PostWebhook, WorkSource } from "../ports.ts";
import { createAnswerAlike } from "../questions/answer-alike.ts";
import { createAnswerQuestion } from "../questions/answer-question.ts";
import { createStandingAnswers } from "../questions/standing-answers.ts";
import { createWebhookCommands } from "../questions/webhook-commands.ts";
import { createWebhookNews } from "../questions/webhook-news.ts";
import { type Backlog, createBacklog } from "../scheduling/backlog.ts";
import { createDispatchReady } from "../scheduling/dispatch-ready.ts";
import { createItemCommands } from "../scheduling/item-commands.ts";
import { createStartLoop, createStopLoop } from "../scheduling/loop-commands.ts";
import { createLoops } from "../scheduling/loops.ts";
import { pausesNow } from "../scheduling/pauses.ts";
import { createRetries } from "../scheduling/retries.ts";
import { createScheduler } from "../scheduling/start-queued.ts";
import { createAutoLanding } from "./auto-land.ts";
import { createBacklogNews } from "./backlog-news.ts";
import { createBaseGuard } from "./base-guard.ts";
import { watchBase } from "./base-watch.ts";
import { createAlerts } from "./alerts.ts";
import { createArchives } from "./archives.ts";
import { type CheckBase, createCheckBase } from "./check-base.ts";
import { createCommander, requireMay } from "./commander.ts";
import { createAcknowledge } from "./commands/acknowledge.ts";
import { createAddRepository } from "./commands/add-repository.ts";
import { createArchiveCommands } from "./commands/archives.ts";
import { createCancelMerge } from "./commands/cancel-merge.ts";
import { createCleanup } from "./commands/cleanup.ts";
import { createCommentCommands } from "./commands/comments.ts";
import { createDispatch } from "./commands/dispatch.ts";
import { createOverrule } from "./commands/overrule.ts";
import { createRevertMerge } from "./commands/revert-merge.ts";
import { createStartMerge } from "./commands/start-merge.ts";
import { createSteering } from "./commands/steer.ts";
import { createDoctor, type Examination } from "./doctor.ts";
import { createEffects } from "./effects.ts";
import { createWitness, defaultStaleAfterMs } from "./evidence.ts";
import { follow } from "./follow.ts";
import { createIntake } from "./intake.ts";
import { createLandingProgress } from "./landing-progress.ts";
import type { Ledger } from "./ledger.ts";
import { createOrchestratorFile } from "./orchestrator-file.ts";
import { createOverlaps } from "./overlaps.ts";
import { createPerform } from "./perform.ts";
import { createTeamCommands } from "../team/team-commands.ts";
import { createTeamReads } from "../team/team-reads.ts";
import type { TeamStore } from "../team/ports.ts";
import type { Team } from "../team/team.ts";
import { createPlaces } from "./places.ts";
import type {
  Change,
  ReadSettings,
  RepositoryRow,
  Retention,
  RunnerHost,
  SessionStore,
  Upkeep,
} from "./ports.ts";
import { createPulses } from "./pulses.ts";
import { createReads, type Reader } from "./reads.ts";
import { repositoryFact, repositoryView } from "./repositories.ts";
import type { Room } from "./room.ts";
import { writeWhole } from "../files/write-whole.ts";
import { createRunnerLink } from "./runner-link.ts";
import { logPath } from "./session-files.ts";
import { retrier } from "./session-row.ts";
import { createStorageCommands, prunedChange } from "./commands/storage.ts";
import { prune } from "./prune.ts";
import { createStorage } from "./storage.ts";
import { createStorageHealth, guardLedger, guardStore, unavailable } from "./storage-health.ts";
import { createSessionWatch } from "./watch-session.ts";

/** Everything from outside that the inside of the server needs. */
export interface ApplicationDeps {
  /** The data folder, absolute. */
  readonly home: string;
  readonly version: string;
  /** Of this data folder, stable; part of the cookie's name. */
  readonly instance: string;
  readonly store: SessionStore;
  readonly ledger: Ledger;
  readonly team: Team;
  readonly teamStore: TeamStore;
  readonly git: LandingGit;
  readonly clock: Clock;
  readonly host: RunnerHost;
  readonly readSettings: ReadSettings;
  readonly examination: Examination;
  /** Sessions that work at the same time; further ones are queued. */
  readonly limit: number;
  readonly upkeep: Upkeep;
  readonly retention: Retention;
  /** Silence longer than this makes a working session stale; an hour where left out. */
  readonly staleAfterMs?: number;
  /** The backlog of a repository, or null where its kind is not supported. */
  workSource(repository: RepositoryRow): WorkSource | null;
  /** The merge lanes, given what they tell and ask us. */
  createMerging(hooks: Pick<MergingDeps, "onAdvance" | "sourceOf" | "blockOf">): Merging;
  /** One line of an agent's stream. */
  readonly parseLine: (line: string) => readonly AgentEvent[];
  readonly postWebhook: PostWebhook;
  readonly random: () => number;
}

export interface RunningApplication extends Application {
  /** Takes in what happened meanwhile; resolves when reads are true. What was decided before is then done, and only then is anything new started. */
  start(): Promise<void>;
  /** Resolves when nothing is under way any more that ends without outside help. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

const receiptDays = 7;
const dayMs = 86_400_000;
const keptFacts = 100_000;
/** More than what is left over on a full disk. */
const probeBytes = 1 << 18;

/** Puts the inside of the server together. */
export function createApplication(deps: ApplicationDeps): RunningApplication {
  const { git, clock, home, readSettings, team } = deps;
  const alerts = createAlerts(home);
  const health = createStorageHealth({
    clock,
    probe: () => writeWhole(join(home, ".probe"), "x".repeat(probeBytes)),
    changed(fault) {
      alerts.setFault(fault);
      if (fault === null) background(goOn());
    },
  });
  const store = guardStore(deps.store, health, home);
  const ledger = guardLedger(deps.ledger, health, home);
  const downstreamOf: Room["downstreamOf"] = ({ repository, item }) =>
    backlogs.get(repository)?.current()?.downstream.get(item) ?? 0;
  ledger.enrich(createWebhookNews({ store, downstreamOf }));
  const places = createPlaces();
  const backlogs = new Map<RepositoryId, Backlog>();
  const unwatch = new Map<RepositoryId, () => void>();
  const orchestrator = createOrchestratorFile({ home, store, now: () => clock.now() });
  let isReplayed = false;
  let stopped = false;
  let cancelPrune = () => {};

  const intake = createIntake({ store, ledger, git, downstreamOf });
  const underWay = new Set<Promise<unknown>>();
  const background = (work: Promise<unknown>) => {
    const guarded = work
      .catch((error: unknown) => {
        // What the disk keeps from happening is told by the alert, and done when it can be.
        if (!stopped && health.fault() === null) console.error("Work in the background failed:", error);
      })
      .finally(() => underWay.delete(guarded));
    underWay.add(guarded);
  };
  const overlaps = createOverlaps({
    git,
    clock,
    ledger,
    intake,
    parseLine: deps.parseLine,
    repository,
    background,
  });
  const sessionWatch = createSessionWatch(
    (session) => background(intake.takeIn(session)),
    (session) => overlaps.stirred(session),
  );
  const runner = createRunnerLink({ host: deps.host, clock, isNeeded: () => places.isAnyWorking() });
  const witness = createWitness({
    host: deps.host,
    staleAfterMs: deps.staleAfterMs ?? defaultStaleAfterMs,
    parseLine: deps.parseLine,
    clock,
  });
  const pulses = createPulses({ store, intake, witness, clock });
  const merging = deps.createMerging({
    onAdvance: createLandingProgress({ store, ledger, intake, git }),
    sourceOf: (repository) => {
      const backlog = backlogs.get(repository);
      if (!backlog) throw new ProblemError("unavailable", "The repository's backlog is not open.");
      return backlog.source;
    },
    blockOf: (id) => guard.blockOf(id),
  });
  const guard = createBaseGuard({ store, ledger, git, problemOf });
  const checkVerdicts = createCheckBase({ store, ledger, git, merging });
  const checkBase: CheckBase = async (row) => {
    await guard.check(row.id);
    await checkVerdicts(row);
  };
  const tellBacklog = createBacklogNews({ store, ledger, intake });

  async function repository(id: RepositoryId): Promise<RepositoryRow> {
    const row = (await store.repositories()).find((each) => each.id === id);
    if (!row) throw new ProblemError("not-found", `No repository ${id} is registered.`);
    return row;
  }

  async function backlog(id: RepositoryId): Promise<Backlog> {
    const known = backlogs.get(id);
    if (known) return known;
    const { name, source } = await repository(id);
    const fix = source === "beads" ? "Run `bd doctor` there." : "Run `bd init` there to begin a backlog.";
    throw new ProblemError("unavailable", `${name} has no backlog that can be opened.`, fix);
  }

  async function problemOf(row: RepositoryRow): Promise<string | null> {
    const settings = await readSettings(row.root);
    if (settings.problem !== null) return settings.problem;
    const known = backlogs.get(row.id);
    return known ? known.problem() : "Its backlog cannot be opened.";
  }

  async function tellProblem(row: RepositoryRow) {
    const view = repositoryView(row, await problemOf(row));
    const text = view.problem === null ? `${row.name} is well again.` : `${row.name}: ${view.problem}`;
    const facts = [repositoryFact("repository:changed", view, "server", text)];
    await ledger.write(() => Promise.resolve({ change: { facts }, result: undefined }));
  }

  async function openRepository(row: RepositoryRow) {
    backlogs.get(row.id)?.stop();
    unwatch.get(row.id)?.();
    const source = deps.workSource(row);
    if (source) {
      const opened = createBacklog({
        repository: row.id,
        source,
        clock,
        sessionOf: (item) => places.sessionOf(row.id, item),
        onDifference: (difference) => background(tellBacklog(row, difference)),
        onProblem: () => background(tellProblem(row)),
      });
      backlogs.set(row.id, opened);
      // Whoever asks first waits for this read; its failure shows as the repository's problem.
      opened.refresh().catch(() => undefined);
    }
    unwatch.set(row.id, await watchBase(row, clock, () => background(checkBase(row))));
    background(checkBase(row));
  }

  const room: Room & { me(actor: Actor): MeView; witness: typeof witness } = {
    home,
    store,
    ledger,
    git,
    clock,
    merging,
    intake,
    pulses,
    overlaps,
    runner,
    witness,
    checkBase,
    readSettings,
    random: deps.random,
    repository,
    backlog,
    openBacklog: (id) => backlogs.get(id) ?? null,
    openRepository,
    problemOf,
    downstreamOf,
    me: (actor) => ({ ...team.me(actor), instance: deps.instance, version: deps.version }),
  };
  const mayStart = () => health.fault() === null;
  const scheduler = createScheduler({ ...room, limit: deps.limit, mayStart });
  const retries = createRetries({ ...room, limit: deps.limit, mayStart, background });
  const perform = createPerform({
    ...room,
    repositoryOf: (row) => repository(row.repository),
    backlogOf: (row) => backlog(row.repository),
    post: deps.postWebhook,
    onWritten: (row) => sessionWatch.follow(row),
  });
  const effects = createEffects({
    store,
    ledger,
    clock,
    async perform(effect) {
      try {
        return await perform(effect);
      } catch (error) {
        health.note(error);
        throw error;
      }
    },
    onTrouble: (effect, problem) => {
      if (effect.attempts !== 2) return;
      const text = `${effect.intent.kind} for ${effect.session ?? "the server"} does not succeed: ${problem} It is tried again.`;
      const fact = {
        name: "warning:raised",
        repository: null,
        session: effect.session,
        actor: "server",
        text,
        changes: {},
      } as const;
      background(ledger.write(() => Promise.resolve({ change: { facts: [fact] }, result: undefined })));
    },
  });
  const archives = createArchives(room);
  const storage = createStorage(room, deps.upkeep);
  const teamReads = createTeamReads({ store: deps.teamStore, clock, team });
  const readers = createReads({
    ...room,
    ...teamReads,
    archives,
    alerts,
    storage,
    doctor: createDoctor({ ...room, storage }, deps.examination),
  });
  const dispatch = createDispatch(room);
  const carryOut = createCommander({
    store,
    ledger,
    refusal: () => unavailable(health, home),
    handlers: {
      "repository:add": createAddRepository(room),
      "repository:acknowledge": createAcknowledge(room),
      "session:dispatch": dispatch,
      "session:dispatch-ready": createDispatchReady(room, dispatch),
      ...createSteering(room),
      ...createCommentCommands(room),
      "session:overrule": createOverrule(room),
      "session:cleanup": createCleanup(room),
      "question:answer": createAnswerQuestion(room),
      "question:answer-alike": createAnswerAlike(room),
      ...createStandingAnswers(room),
      ...createWebhookCommands({ ...room, post: deps.postWebhook }),
      "merge:start": createStartMerge(room),
      "merge:cancel": createCancelMerge(room),
      "merge:revert": createRevertMerge(room),
      "loop:start": createStartLoop(room),
      "loop:stop": createStopLoop(room),
      ...createItemCommands(room),
      ...createArchiveCommands({ ...room, archives }),
      ...createTeamCommands({ store: deps.teamStore, repositories: () => store.repositories(), team }),
      "queue:resume": retries.resumeQueue,
      ...createStorageCommands({
        ...room,
        upkeep: deps.upkeep,
        retention: deps.retention,
        measured: () => storage.forget(),
      }),
    },
  });
  const autoLanding = createAutoLanding(room, carryOut);
  const loops = createLoops({ ...room, command: carryOut, standing: (person) => team.standing(person) });

  ledger.onChange((change) => {
    places.take(change.sessions ?? []);
    overlaps.take(change.sessions ?? []);
    loops.take(change.loops ?? []);
    for (const { id } of change.sessions ?? []) pulses.renew(id);
    if (!isReplayed || stopped) return;
    wakeUpBy(change);
  });

  /** Everything that goes on by itself begins with a committed change. */
  function wakeUpBy(change: Change) {
    const { sessions = [], effects: decided = [] } = change;
    if (decided.length > 0) background(effects.wake());
    for (const row of sessions) {
      sessionWatch.follow(row);
      orchestrator.refresh(row.repository);
      if (row.state.status === "approved") background(repository(row.repository).then(checkBase));
      if (row.state.status === "merged") {
        backlogs
          .get(row.repository)
          ?.refresh()
          .catch(() => undefined);
        background(repository(row.repository).then(checkBase));
      }
    }
    if (sessions.length > 0) background(retries.pump().then(tellPauses).then(scheduler.pump));
    background(loops.wake(change));
    if (sessions.some(({ state }) => state.status === "approved")) background(autoLanding.wake(change));
  }

  /** Once a day: what has ended long enough ago goes, and that is told. */
  async function pruneDaily() {
    try {
      const change = prunedChange(await prune(room, deps.retention, false), retrier);
      await ledger.write(() => Promise.resolve({ change, result: undefined }));
    } finally {
      if (!stopped) cancelPrune = clock.after(dayMs, () => background(pruneDaily()));
    }
  }

  async function tellPauses() {
    alerts.setPauses(pausesNow(await store.open(null), clock.now()));
  }

  /** Once the disk works again: everything that it had kept from happening. */
  async function goOn() {
    await takeInAll();
    await effects.wake();
    await retries.pump().then(tellPauses);
    await Promise.all([scheduler.pump(), loops.wake(), autoLanding.wake()]);
  }

  async function takeInAll() {
    for (const row of await store.open(null)) {
      sessionWatch.follow(row);
      if (row.spec) await intake.takeIn(row.id);
    }
  }

  runner.onMoved(({ session }) => background(intake.takeIn(session)));
  runner.onConnected(() => background(takeInAll()));
  runner.onTrouble(() => health.suspect());

  return {
    command: async (name, input, context) => carryOut(name, input, context),
    async read(name, input, { actor }) {
      requireMay(actor, name);
      const parsed = reads[name].input.parse(input);
      return (readers[name] as Reader<typeof name>)(parsed as Parameters<Reader<typeof name>>[0], actor);
    },
    follow: (since, { actor }) => follow(room, since, actor),
    onFacts: (listener) => ledger.onFacts(listener),
    onPulse: (listener) => pulses.onPulse(listener),
    alerts: alerts.current,
    onAlerts: alerts.onAlerts,
    async logFile(ref) {
      const row = await store.session(ref.session);
      if (!row) throw new ProblemError("not-found", `There is no session ${ref.session}.`);
      const { directory } = row.view;
      return { file: logPath(directory, ref), directory };
    },

    async start() {
      const before = new Date(clock.now().getTime() - receiptDays * 86_400_000).toISOString();
      await store.prune({ before, facts: keptFacts });
      const open = await store.open(null);
      places.take(open);
      overlaps.take(open);
      await loops.load();
      for (const row of await store.repositories()) await openRepository(row);
      await takeInAll();
      // What was decided before comes first; the tracker may be slow, and reads need not wait for it.
      background(
        effects
          .wake()
          .then(() => effects.idle())
          .then(() => {
            isReplayed = true;
            background(merging.resume());
            background(pruneDaily());
            if (places.isAnyWorking()) runner.ensure();
            for (const id of backlogs.keys()) orchestrator.refresh(id);
            return Promise.all([
              effects.wake(),
              retries.pump().then(tellPauses).then(scheduler.pump),
              loops.wake(),
            ]);
          }),
      );
    },

    async settled() {
      do {
        await Promise.all(underWay);
        await effects.wake();
        await effects.idle();
        await scheduler.pump();
      } while (underWay.size > 0);
      await orchestrator.settled();
    },

    async stop() {
      stopped = true;
      loops.stop();
      retries.stop();
      health.stop();
      cancelPrune();
      pulses.stop();
      overlaps.stop();
      sessionWatch.stop();
      for (const end of unwatch.values()) end();
      for (const each of backlogs.values()) each.stop();
      runner.stop();
      await merging.stop();
      await effects.stop();
      await Promise.all(underWay);
      await orchestrator.settled();
    },
  };
}
