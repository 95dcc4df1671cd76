import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { specSchema } from "#lib/contract/files.ts";
import { runnerVersion, type Presence } from "#lib/contract/runner.ts";
import type { SessionId } from "#lib/domain/ids.ts";
import { runnerSocketPath } from "#server/adapters/process/socket-path.ts";
import { takeSingleInstance } from "#server/adapters/process/single-instance.ts";
import { openActor, type Actor } from "./actor.ts";
import { isSessionDirectory, restedForMs, isUnlinked, sessionDirectories } from "./discover.ts";
import { openDoor } from "./door.ts";
import { isUnreadable, mailAfter } from "./inbox.ts";
import { openJournal } from "./journal.ts";
import type { Appended } from "./record.ts";
import { writeJson } from "#server/files/write-whole.ts";
import { readWhole } from "./safe-file.ts";
import type { RunnerPorts } from "./session.ts";

export interface RunnerOrder extends RunnerPorts {
  /** `$AMPLIFY_HOME`, absolute. */
  readonly home: string;
  /** How we are known to the system; goes into `runner.json`. */
  readonly identity: { readonly pid: number; readonly startTicks: string; readonly bootId: string };
  /** Without a client and with nothing to do the runner leaves after this long. */
  readonly idleMs?: number;
  /** Called with every event once it is durable and before anything follows from it; for tests that break off there. */
  readonly appended?: Appended;
}

export interface Runner {
  readonly socket: string;
  /** Lets go of everything; agents live on. */
  stop(): Promise<void>;
  /** Resolves when the runner has left, by itself or because it was told to. */
  readonly left: Promise<void>;
}

/** Thrown where another runner already works on the same data folder. */
export class RunnerIsRunningError extends Error {
  override readonly name = "RunnerIsRunningError";

  constructor(home: string) {
    super(`A runner already works on ${home}.`);
  }
}

const defaultIdleMs = 60_000;
/** Rings and file events say it sooner. */
const scanMs = 5_000;
const fullScanEvery = 12;
const longAgoMs = 3_600_000;
const troubleEveryMs = 10_000;

/** Takes the data folder's lock, opens its socket, adopts every session that is not at rest, and runs them all. */
export async function startRunner(order: RunnerOrder): Promise<Runner> {
  const { home, clock } = order;
  const folder = join(home, "run");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const lock = takeSingleInstance(join(folder, "runner.lock"));
  if (!lock) throw new RunnerIsRunningError(home);
  const actors = new Map<string, Promise<Actor | null>>();
  const open = new Map<string, Actor>();
  const again = new Set<string>();
  const settled = new Set<string>();
  let isLeaving = false;
  let takeIdleBack: (() => void) | null = null;
  let takeScanBack: () => void = () => {};
  let resolveLeft = () => {};
  const left = new Promise<void>((resolve) => (resolveLeft = resolve));

  const hasLeft = () => isLeaving;

  const ring = async (directory: string): Promise<void> => {
    if (isLeaving) return;
    const known = open.get(directory);
    if (known) {
      again.add(directory);
      known.ring();
      return;
    }
    if (actors.has(directory)) {
      again.add(directory);
      return;
    }
    const opening = adopt(order, directory, { moved, troubled, idled: reconsider }).catch(
      (error: unknown) => {
        console.error(`${directory}: ${error instanceof Error ? error.message : String(error)}`);
        return null;
      },
    );
    actors.set(directory, opening);
    const actor = await opening;
    if (!actor) {
      actors.delete(directory);
      reconsider();
      return;
    }
    open.set(directory, actor);
    again.delete(directory);
    if (hasLeft()) await actor.leave();
    void actor.over.then(() => {
      open.delete(directory);
      actors.delete(directory);
      // Rung in the moment between its last look and its end.
      if (again.delete(directory)) void ringIfNew(directory);
      reconsider();
    });
  };

  const ringIfNew = async (directory: string) => {
    if ((await restedForMs(directory, clock.now())) === null) await ring(directory);
  };

  const moved = (directory: string, session: SessionId, seq: number) =>
    door.tell({ kind: "moved", session, directory, seq });

  let toldTroubleAt = 0;
  /** Said now and then while it lasts, whichever sessions meet it. */
  const troubled = (text: string) => {
    const now = clock.now().getTime();
    if (now - toldTroubleAt < troubleEveryMs) return;
    toldTroubleAt = now;
    console.error(text);
    door.tell({ kind: "trouble", text });
  };

  const isIdle = () =>
    door.clients === 0 && actors.size === open.size && [...open.values()].every((actor) => actor.isIdle);

  const reconsider = () => {
    if (isLeaving) return;
    if (!isIdle()) {
      takeIdleBack?.();
      takeIdleBack = null;
    } else {
      takeIdleBack ??= clock.after(order.idleMs ?? defaultIdleMs, () => void stop());
    }
  };

  const stop = async () => {
    if (isLeaving) return left;
    isLeaving = true;
    takeIdleBack?.();
    takeScanBack();
    await Promise.all(
      [...actors.values()].map(async (opening) => {
        const actor = await opening;
        await actor?.leave();
      }),
    );
    rmSync(join(folder, "runner.json"), { force: true });
    await door.close();
    lock.release();
    resolveLeft();
  };

  /** Those that came to rest long ago are only looked at in a full scan: there may be very many. */
  const scan = async (isFull: boolean) => {
    for (const directory of await sessionDirectories(home)) {
      if (isLeaving) return;
      if (actors.has(directory) || (!isFull && settled.has(directory))) continue;
      const restingMs = await restedForMs(directory, clock.now());
      if (restingMs === null) await ring(directory);
      else if (restingMs > longAgoMs) settled.add(directory);
    }
  };

  const scanAgain = (count = 1) => {
    takeScanBack = clock.after(scanMs, () => {
      void scan(count % fullScanEvery === 0)
        .catch((error: unknown) => console.error(error))
        .finally(() => {
          if (!isLeaving) scanAgain(count + 1);
        });
    });
  };

  const socket = runnerSocketPath(home);
  const door = await openDoor(
    socket,
    (message) => {
      if (message.kind === "leave") void stop();
      else if (isSessionDirectory(home, message.directory)) void ring(message.directory);
    },
    () => reconsider(),
  );
  const presence: Presence = {
    version: runnerVersion,
    ...order.identity,
    startedAt: clock.now().toISOString(),
    socket,
    url: null,
  };
  await writeJson(join(folder, "runner.json"), presence);
  await scan(true);
  scanAgain();
  reconsider();
  return { socket, stop, left };
}

/** Null where there is no session yet, or none that can be run. */
async function adopt(
  order: RunnerOrder,
  directory: string,
  listeners: {
    readonly moved: (directory: string, session: SessionId, seq: number) => void;
    readonly idled: () => void;
    readonly troubled: (text: string) => void;
  },
): Promise<Actor | null> {
  if (!(await isUnlinked(order.home, directory))) return null;
  const spec = await readSpec(directory);
  if (spec === null) return null;
  const agent = "problem" in spec ? undefined : order.agents[spec.agent.cli];
  if ("problem" in spec || !agent) {
    const detail = "problem" in spec ? spec.problem : `No agent is called ${spec.agent.cli}.`;
    await recordBadSpec(directory, detail, order.clock.now().toISOString());
    return null;
  }
  return openActor({
    directory,
    spec,
    agent: agent(spec),
    ports: order,
    idled: listeners.idled,
    troubled: listeners.troubled,
    async appended(line) {
      await order.appended?.(line);
      listeners.moved(directory, spec.session, line.seq);
    },
  });
}

async function readSpec(directory: string) {
  try {
    const text = await readWhole(join(directory, "spec.json"), 8 << 20);
    if (text === null) return null;
    const spec = specSchema.parse(JSON.parse(text));
    return spec.session === basename(directory)
      ? spec
      : { problem: `spec.json is the one of ${spec.session}.` };
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return { problem: `spec.json cannot be read: ${(error as Error).message}`.slice(0, 2000) };
  }
}

/** Said once, in the session's own history, where the server finds it. */
async function recordBadSpec(directory: string, detail: string, at: string) {
  const { journal, lines, repairs } = await openJournal(directory, at);
  for (const text of repairs) await journal.append({ at, kind: "warned", text });
  if (lines.findLast(({ event }) => event.kind !== "handled")?.event.kind !== "failed") {
    await journal.append({ at, kind: "failed", failure: { reason: "bad-spec", detail } });
  }
  const handled = Math.max(0, ...lines.map(({ event }) => ("inbox" in event ? (event.inbox ?? 0) : 0)));
  for (const inbox of await mailAfter(directory, handled)) {
    await journal.append({ at, kind: "handled", inbox, outcome: detail });
  }
  await journal.close();
}
