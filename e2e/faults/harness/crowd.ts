import { stat } from "node:fs/promises";
import { loadavg, availableParallelism } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import type { SessionView } from "#lib/contract/wire.ts";
import {
  expectCommitsKept,
  expectLogsWhole,
  expectNoOrphans,
  expectStartedOnce,
  fingerprintOf,
} from "./oracle.ts";
import { createBystander } from "./processes.ts";
import type { Scenario } from "./tier.ts";
import { createWorld, type World } from "./world.ts";

/** Many sessions whose agents talk without an end, a person's edit in the checkout, and a stranger's process. */
export interface Crowd extends AsyncDisposable {
  readonly world: World;
  readonly sessions: readonly SessionView[];
  /** What the server says of all of them now. */
  views(): Promise<SessionView[]>;
  /** The server is there and sees every agent alive. */
  areAdopted(): Promise<boolean>;
  /** Stops most sessions, lets the others come to their end, and asks the oracle about all that must be kept. */
  finish(scenario: Scenario, killed: ReadonlySet<string>): Promise<void>;
}

/** So many go on to their work, their council and an approval; the others are stopped. */
const brought = 3;

export async function createCrowd(size: number): Promise<Crowd> {
  const world = await createWorld({ talk: "on" });
  const bystander = createBystander("session-somebody-abc123/1");
  const sessions = await Promise.all(
    Array.from({ length: size }, (_, index) => world.dispatch(`Item ${index}`)),
  );
  const ids = new Set<string>(sessions.map(({ id }) => id));
  await world.house.repository.write("README.md", "# Edited by a person, and not committed\n");
  const before = await fingerprintOf(world);
  const crowd: Crowd = {
    world,
    sessions,
    views: async () => (await world.read("status", {})).sessions.filter(({ id }) => ids.has(id)),
    async areAdopted() {
      const views = await crowd.views();
      const alive = views.filter(
        ({ status, evidence }) => status === "running" && evidence.process === "alive",
      );
      return alive.length === sessions.length;
    },
    async finish({ count }, killed) {
      expect(await fingerprintOf(world), "the person's checkout").toBe(before);
      const ending = sessions.slice(0, brought);
      const stopping = sessions.slice(brought);
      await Promise.all(stopping.map(({ id }) => world.command("session:stop", { session: id })));
      await world.enough();
      const reach = (id: string, status: string) =>
        world.until(`${id} is ${status}`, async () => (await world.session(id)).status === status);
      for (const { id } of stopping) await reach(id, "stopped");
      for (const { id } of ending) await reach(id, "approved");
      const stopped = await Promise.all(
        stopping.map(async ({ id }) => `${id}/${(await world.session(id)).steps}`),
      );
      count("bytes of log", await expectLogsWhole(world, sessions, new Set([...killed, ...stopped])));
      count("commits", await expectCommitsKept(world));
      count("steps", await expectStartedOnce(world));
      expect(await fingerprintOf(world), "the person's checkout").toBe(before);
      expectNoOrphans(sessions);
      expect(bystander.isUntouched, "a stranger's process").toBe(true);
    },
    async [Symbol.asyncDispose]() {
      bystander[Symbol.dispose]();
      await world[Symbol.asyncDispose]();
    },
  };
  await world.until("all agents talk", () => crowd.areAdopted());
  return crowd;
}

/** A time limit, stretched where the machine has more to do than we give it. */
export function underLoad(limitMs: number): number {
  return limitMs * Math.max(1, (loadavg()[0] ?? 0) / availableParallelism());
}

/** How far the runner has brought the log that people read. */
export async function shownBytes({ directory }: SessionView): Promise<number> {
  return (await stat(join(directory, "output.log"))).size;
}
