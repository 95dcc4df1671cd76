import { join } from "node:path";
import type { MeView } from "#lib/contract/wire.ts";
import { reads } from "#lib/contract/wire.ts";
import type { AgentEvent } from "#lib/domain/agent-events.ts";
import { type Actor, type Application, ProblemError } from "../application.ts";
import type { Merging, MergingDeps } from "../merging/ports.ts";
import type { Clock, LandingGit, PostWebhook, WorkSource } from "../ports.ts";
import { createWebhookNews } from "../questions/webhook-news.ts";
import { createLoops } from "../scheduling/loops.ts";
import { pausesNow } from "../scheduling/pauses.ts";
import { createRetries } from "../scheduling/retries.ts";
import { createScheduler } from "../scheduling/start-queued.ts";
import { createAutoLanding } from "./auto-land.ts";
import { createBacklogNews } from "./backlog-news.ts";
import { createBaseGuard } from "./base-guard.ts";
import { createAlerts } from "./alerts.ts";
import { createBackground } from "./background.ts";
import { createCommandHandlers } from "./command-handlers.ts";
import { createDailyPrune } from "./daily-prune.ts";
import { createOpenRepositories } from "./open-repositories.ts";
import { createArchives } from "./archives.ts";
import { type CheckBase, createCheckBase } from "./check-base.ts";
import { createCommander, requireMay } from "./commander.ts";
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
import { isThere } from "./repositories.ts";
import type { Room } from "./room.ts";
import { isShortOfRoom } from "../files/disk-room.ts";
import { writeWhole } from "../files/write-whole.ts";
import { createRunnerLink } from "./runner-link.ts";
import { logPath } from "./session-files.ts";
import { createStorage } from "./storage.ts";
import { createStorageHealth, guardLedger, guardStore, unavailable } from "./storage-health.ts";
import { createUnreadMail } from "./unread-mail.ts";
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
  /** Covers secrets in a text that leaves this machine. */
  readonly redact: (text: string) => string;
  readonly random: () => number;
}

export interface RunningApplication extends Application {
  /** Takes in what happened meanwhile; resolves when reads are true. What was decided before is then done, and only then is anything new started. */
  start(): Promise<void>;
  /** Resolves when nothing is under way any more that ends without outside help. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

const receiptMs = 7 * 86_400_000;
const keptFacts = 100_000;
const lookMs = 60_000;
/** More than what is left over on a full disk. */
const probeBytes = 1 << 18;

/** Puts the inside of the server together. */
export function createApplication(deps: ApplicationDeps): RunningApplication {
  const { git, clock, home, readSettings, team } = deps;
  const alerts = createAlerts(home);
  const health = createStorageHealth({
    clock,
    async probe() {
      // What little is left is for what is under way: agents are held until there is room again.
      if (await isShortOfRoom(home, health.fault() !== null))
        throw Object.assign(new Error("No room is left."), { code: "ENOSPC" });
      await writeWhole(join(home, ".probe"), "x".repeat(probeBytes));
    },
    changed(fault) {
      alerts.setFault(fault);
      if (fault === null) background.run(goOn());
    },
  });
  const store = guardStore(deps.store, health, home);
  const ledger = guardLedger(deps.ledger, health, home);
  const downstreamOf: Room["downstreamOf"] = (row) => repositories.downstreamOf(row);
  ledger.enrich(createWebhookNews({ store, downstreamOf, redact: deps.redact }));
  const places = createPlaces();
  const orchestrator = createOrchestratorFile({ home, store, now: () => clock.now() });
  let isReplayed = false;
  let stopped = false;
  let cancelLook = () => {};

  const intake = createIntake({ store, ledger, git, downstreamOf, redact: deps.redact });
  const background = createBackground((error) => {
    // What the disk keeps from happening is told by the alert, and done when it can be.
    if (!stopped && health.fault() === null) console.error("Work in the background failed:", error);
  });
  const overlaps = createOverlaps({
    git,
    clock,
    ledger,
    intake,
    parseLine: deps.parseLine,
    repository: (id) => repositories.repository(id),
    background: background.run,
  });
  const sessionWatch = createSessionWatch(
    (session) => background.run(intake.takeIn(session)),
    (session) => overlaps.stirred(session),
  );
  const isRunnerNeeded = () => places.rows().some((row) => intake.needsRunner(row));
  const runner = createRunnerLink({ host: deps.host, clock, isNeeded: isRunnerNeeded });
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
      const backlog = repositories.openBacklog(repository);
      if (!backlog) throw new ProblemError("unavailable", "The repository's backlog is not open.");
      return backlog.source;
    },
    blockOf: (id) => guard.blockOf(id),
  });
  const guard = createBaseGuard({
    ...{ store, ledger, git, readSettings },
    problemOf: (row) => repositories.problemOf(row),
  });
  const checkVerdicts = createCheckBase({ store, ledger, git, merging });
  const checkBase: CheckBase = async (row) => {
    if (!(await isThere(row))) return;
    await guard.check(row.id);
    await checkVerdicts(row);
  };
  const repositories = createOpenRepositories({
    ...{ store, ledger, clock, background, places, readSettings, checkBase },
    workSource: (row) => deps.workSource(row),
    settingsChanged: () => {
      if (!isReplayed || stopped) return;
      background.run(Promise.all([scheduler.pump(), loops.wake(), autoLanding.wake()]));
    },
    tellBacklog: createBacklogNews({ store, ledger, intake }),
  });

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
    ...repositories,
    me: (actor) => ({ ...team.me(actor), instance: deps.instance, version: deps.version }),
  };
  const unreadMail = createUnreadMail({ ...room, background: background.run });
  const mayStart = () => health.fault() === null;
  const scheduler = createScheduler({ ...room, limit: deps.limit, mayStart });
  const retries = createRetries({ ...room, limit: deps.limit, mayStart, background: background.run });
  const perform = createPerform({
    ...room,
    repositoryOf: (row) => repositories.repository(row.repository),
    backlogOf: (row) => repositories.backlog(row.repository),
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
      background.run(ledger.write(() => Promise.resolve({ change: { facts: [fact] }, result: undefined })));
    },
  });
  const archives = createArchives(room);
  const storage = createStorage(room, deps.upkeep);
  const dailyPrune = createDailyPrune(room, { retention: deps.retention, background });
  const teamReads = createTeamReads({ store: deps.teamStore, clock, team });
  const readers = createReads({
    ...room,
    ...teamReads,
    archives,
    alerts,
    storage,
    doctor: createDoctor({ ...room, storage }, deps.examination),
  });
  const carryOut = createCommander({
    store,
    ledger,
    refusal: () => unavailable(health, home),
    handlers: createCommandHandlers({
      ...room,
      archives,
      retries,
      post: deps.postWebhook,
      team,
      teamStore: deps.teamStore,
      upkeep: deps.upkeep,
      retention: deps.retention,
      measured: () => storage.forget(),
    }),
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
    // First of all: somebody waits for it.
    if (sessions.length > 0) background.run(scheduler.pump());
    if (decided.length > 0) background.run(effects.wake());
    if (decided.some(({ intent }) => intent.kind === "inbox")) unreadMail.watch();
    for (const row of sessions) {
      sessionWatch.follow(row);
      orchestrator.refresh(row.repository);
      if (row.state.status === "approved")
        background.run(repositories.repository(row.repository).then(checkBase));
      if (row.state.status === "merged") {
        repositories
          .openBacklog(row.repository)
          ?.refresh()
          .catch(() => undefined);
        background.run(repositories.repository(row.repository).then(checkBase));
      }
    }
    if (sessions.length > 0) background.run(retries.pump().then(tellPauses).then(scheduler.pump));
    background.run(loops.wake(change));
    background.run(autoLanding.wake(change));
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

  /** Now and from time to time: neither a configuration nor a checkout says when it has changed. */
  async function lookForLandings() {
    try {
      await Promise.all([loops.wake(), autoLanding.wake()]);
    } finally {
      if (!stopped) cancelLook = clock.after(lookMs, () => background.run(lookForLandings()));
    }
  }

  async function takeInAll() {
    for (const row of await store.open(null)) {
      sessionWatch.follow(row);
      if (row.spec) await intake.takeIn(row.id);
    }
  }

  runner.onMoved(({ session }) => background.run(intake.takeIn(session)));
  runner.onConnected(() => background.run(takeInAll().then(() => unreadMail.look())));
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
      const before = new Date(clock.now().getTime() - receiptMs).toISOString();
      await store.prune({ before, facts: keptFacts });
      const open = await store.open(null);
      places.take(open);
      overlaps.take(open);
      await loops.load();
      for (const row of await store.repositories()) await repositories.openRepository(row);
      await takeInAll();
      // What was decided before comes first; the tracker may be slow, and reads need not wait for it.
      background.run(
        effects
          .wake()
          .then(() => effects.idle())
          .then(() => {
            isReplayed = true;
            background.run(merging.resume());
            background.run(dailyPrune.run());
            background.run(unreadMail.look());
            if (isRunnerNeeded()) runner.ensure();
            for (const id of repositories.ids()) orchestrator.refresh(id);
            return Promise.all([
              effects.wake(),
              retries.pump().then(tellPauses).then(scheduler.pump),
              lookForLandings(),
            ]);
          }),
      );
    },

    async settled() {
      do {
        await background.idle();
        await effects.wake();
        await effects.idle();
        await scheduler.pump();
      } while (!background.isIdle());
      await orchestrator.settled();
    },

    async stop() {
      stopped = true;
      loops.stop();
      retries.stop();
      health.stop();
      dailyPrune.stop();
      unreadMail.stop();
      cancelLook();
      pulses.stop();
      overlaps.stop();
      sessionWatch.stop();
      repositories.stop();
      runner.stop();
      await merging.stop();
      await effects.stop();
      await background.idle();
      await orchestrator.settled();
    },
  };
}
