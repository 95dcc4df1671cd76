import fc from "fast-check";
import { expect, it, vi } from "vitest";
import type { CommandInput, CommandName, SessionView } from "#lib/contract/wire.ts";
import { parseItemId } from "#lib/domain/ids.ts";
import type { SessionStatus } from "#lib/domain/session.ts";
import { ProblemError } from "#server/application.ts";
import type { SessionStore } from "#server/sessions/ports.ts";
import { memoryItem } from "../fakes/memory-work-source.ts";
import { createTestApplication, type TestApplication } from "../fixtures/application.ts";
import { openScenario, times } from "./harness/tier.ts";

const runs = times(150, 20_000);
const { dice, count } = openScenario("sequences");

/** What has been acknowledged, and so must be so at the end. */
interface Model {
  status: SessionStatus | "none";
  round: number;
  questions: string[];
  answers: string[];
  messages: string[];
}

/** A server on real SQLite that dies at a call of its store, and comes back when it is needed. */
class Real {
  readonly test: TestApplication;
  readonly mortality: Mortality;
  readonly item = parseItemId(`t-${count("items") + 1}`);
  session: SessionView | null = null;
  /** Of the inbox's entries the last that the scripted runner has done. */
  handled = 0;
  #keys = 0;

  constructor(test: TestApplication, mortality: Mortality) {
    this.test = test;
    this.mortality = mortality;
    test.backlog.items.set(this.item, memoryItem(this.item));
  }

  get runner() {
    if (!this.session) throw new Error("There is no session.");
    return this.test.runner(this.session);
  }

  /** Sent with one key until it is answered. */
  command<Name extends CommandName>(name: Name, input: CommandInput<Name>) {
    const key = `${this.item}-key-${(this.#keys += 1)}`;
    return this.#throughDeaths(() => this.test.command(name, input, { key }));
  }

  /** Until nothing is left to do that was decided; through deaths on the way. */
  async settle() {
    for (;;) {
      await Promise.race([
        this.test
          .inside()
          .application.settled()
          .catch(() => undefined),
        this.mortality.died(),
      ]);
      if (!this.mortality.isDead) return;
      await this.#comeBack();
    }
  }

  async status() {
    const { session } = this;
    if (!session) return "none";
    return (await this.#throughDeaths(() => this.test.session(session.id))).status;
  }

  async #throughDeaths<Value>(ask: () => Promise<Value>): Promise<Value> {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!this.mortality.isDead) throw error;
        await this.#comeBack();
      }
    }
  }

  async #comeBack() {
    count("crashes");
    const { mortality } = this;
    await this.test.restart({
      before() {
        mortality.revive();
        return Promise.resolve();
      },
    });
  }
}

interface Mortality {
  readonly isDead: boolean;
  /** Resolves when it dies. */
  died(): Promise<void>;
  /** The `calls`th call of the store from now on kills. */
  dieIn(calls: number): void;
  revive(): void;
  wrap(store: SessionStore): SessionStore;
}

function createMortality(): Mortality {
  let left = Number.POSITIVE_INFINITY;
  let tell = () => {};
  return {
    died: () =>
      new Promise((resolve) => {
        tell = resolve;
        if (left <= 0) resolve();
      }),
    get isDead() {
      return left <= 0;
    },
    dieIn: (calls) => void (left = calls),
    revive: () => void (left = Number.POSITIVE_INFINITY),
    wrap: (store) =>
      new Proxy(store, {
        get(target, name, receiver) {
          const call: unknown = Reflect.get(target, name, receiver);
          if (typeof call !== "function") return call;
          return async (...args: unknown[]) => {
            if (left <= 0) throw new Error("The server was killed.");
            left -= 1;
            if (left === 0) tell();
            // Half of the time what it asked for last was still done.
            if (left === 0 && dice.chance(0.5)) throw new Error("The server was killed.");
            const value: unknown = await Reflect.apply(call, target, args);
            if (left <= 0) throw new Error("The server was killed.");
            return value;
          };
        },
      }),
  };
}

type Step = fc.AsyncCommand<Model, Real>;
const step = (
  name: string,
  check: (model: Readonly<Model>) => boolean,
  run: (model: Model, real: Real) => Promise<void>,
): Step => ({ check, run, toString: () => name });

const fail = { kind: "failed", failure: { reason: "agent-crashed", detail: "exit 1" } } as const;
/** Never among the living: what the evidence says of a step with it is that its process is gone. */
const process = { pid: 4711, startTicks: "1", bootId: "b" };

/** Does, as the runner, what the inbox holds and was not done yet. */
async function serve(model: Model, real: Real) {
  await real.settle();
  const { runner } = real;
  const isAlive = () => ["running", "waiting"].includes(model.status);
  for (const entry of await runner.inbox()) {
    if (entry.number <= real.handled) continue;
    real.handled = entry.number;
    const { by, number: inbox } = entry;
    switch (entry.kind) {
      case "answer":
        await runner.write({
          kind: "answered",
          question: entry.question,
          answer: { choices: entry.choices, by, at: entry.at },
          inbox,
        });
        break;
      case "message":
        if (isAlive()) {
          await runner.write({ kind: "noted", by, text: entry.text, inbox });
          continue;
        }
        await runner.write({ kind: "resumed", by, note: entry.text, inbox, fresh: false });
        break;
      case "resume":
        await runner.write({ kind: "resumed", by, note: entry.note, inbox, fresh: entry.fresh });
        break;
      case "rework":
        model.round += 1;
        await runner.write({
          kind: "rework-started",
          round: model.round,
          by,
          note: entry.note,
          comments: [],
          inbox,
        });
        break;
      case "stop":
        await runner.write({ kind: "stopped", by, discard: entry.discard, inbox });
        model.status = "stopped";
        continue;
      case "recheck":
        throw new Error("Nobody moved the base.");
    }
    await runner.startStep(process);
    model.status = "running";
  }
  await untilTakenIn(real, model.status);
}

/** Refused, through any number of deaths. */
async function expectRefused(order: Promise<unknown>, why: RegExp) {
  await expect(order).rejects.toThrow(why);
}

const session = (real: Real) => real.session?.id ?? "";

const plain: readonly Step[] = [
  step(
    "dispatch",
    ({ status }) => ["none", "failed", "stopped"].includes(status),
    async (model, real) => {
      real.session = (await real.command("session:dispatch", { item: real.item })).session;
      real.handled = 0;
      await real.settle();
      await real.runner.prepare();
      await real.runner.startStep(process);
      Object.assign(model, { status: "running", round: 0, questions: [], answers: [], messages: [] });
    },
  ),
  step(
    "ask",
    ({ status }) => status === "running",
    async (model, real) => {
      await serve(model, real);
      await real.runner.ask(`Question ${model.questions.length + 1}`);
      model.questions.push(`q-${model.questions.length + 1}`);
      model.status = "waiting";
      await untilTakenIn(real, "waiting");
    },
  ),
  step(
    "answer",
    ({ status }) => status === "waiting",
    async (model, real) => {
      const question = model.questions.at(-1) as never;
      const text = `answer to ${String(question)}`;
      await real.command("question:answer", { session: session(real), question, text });
      model.answers.push(text);
      await serve(model, real);
    },
  ),
  step(
    "message",
    ({ status }) => ["running", "waiting", "failed"].includes(status),
    async (model, real) => {
      const text = `message ${model.messages.length}`;
      await real.command("session:message", { session: session(real), text });
      model.messages.push(text);
      // One that is at work hears it later.
      if (model.status === "failed") await serve(model, real);
    },
  ),
  step(
    "fail",
    ({ status }) => status === "running",
    async (model, real) => {
      await serve(model, real);
      await real.runner.write(fail);
      model.status = "failed";
      await untilTakenIn(real, "failed");
    },
  ),
  step(
    "resume, and dispatch before the runner has heard of it",
    ({ status }) => status === "failed" || status === "stopped",
    async (model, real) => {
      const given = await real.command("session:resume", { session: session(real) }).catch(refusal);
      // What was given up is gone for good.
      if (given === "refused") {
        expect(model.status).toBe("stopped");
        return;
      }
      await expectRefused(
        real.command("session:dispatch", { item: real.item }),
        /told something that its runner has not done yet/,
      );
      await serve(model, real);
    },
  ),
  step(
    "reject, and have it reworked",
    ({ status }) => status === "running",
    async (model, real) => {
      await serve(model, real);
      await real.runner.work(`${real.item}.txt`, "not good enough\n");
      await real.runner.complete();
      await real.runner.review("changes");
      model.status = "rejected";
      await untilTakenIn(real, "rejected");
      await real.command("session:rework", { session: session(real), note: "Do it well" });
      await serve(model, real);
    },
  ),
  step(
    "clean up",
    ({ status }) => ["running", "waiting"].includes(status),
    async (model, real) => {
      const progress = { isOver: false };
      const cleaned = real.command("session:cleanup", {}).finally(() => (progress.isOver = true));
      // It gives the runner its time, which passes here.
      while (!progress.isOver) await real.test.elapse(5000);
      const { findings } = await cleaned;
      const own = findings.filter((each) => each.session === session(real));
      expect(own.map(({ done }) => done)).toEqual(model.status === "running" ? ["unknown"] : []);
    },
  ),
  step(
    "approve and merge",
    ({ status }) => status === "running",
    async (model, real) => {
      await serve(model, real);
      await real.runner.work(`${real.item}.txt`, "done\n");
      await real.runner.complete();
      await real.runner.review("approve");
      await untilTakenIn(real, "approved");
      await real.command("merge:start", { session: session(real) });
      await untilTakenIn(real, "merged");
      model.status = "merged";
    },
  ),
];

const steps = [
  ...plain.map((each) => fc.constant(each)),
  fc.boolean().map((discard) =>
    step(
      discard ? "stop and discard" : "stop",
      ({ status }) => ["running", "waiting"].includes(status),
      async (model, real) => stop(model, real, discard),
    ),
  ),
  ...[8, 20, 40, 80, 120].map((max) =>
    fc.integer({ min: 1, max }).map((calls) =>
      step(
        `die in ${calls} calls`,
        () => true,
        (_, real) => {
          real.mortality.dieIn(calls);
          return Promise.resolve();
        },
      ),
    ),
  ),
];

async function stop(model: Model, real: Real, discard: boolean) {
  await real.command("session:stop", { session: session(real), discard });
  await serve(model, real);
  await real.settle();
}

function refusal(error: unknown): "refused" {
  if (error instanceof ProblemError) return "refused";
  throw error;
}

/** The runner's word comes by itself; a death on the way delays it. */
async function untilTakenIn(real: Real, status: string) {
  for (;;) {
    await real.settle();
    if ((await real.status()) === status) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

it(
  `[V14] ${runs} random sequences of commands with a crash at any call: what was acknowledged is so, once`,
  async () => {
    const mortality = createMortality();
    await using test = await createTestApplication({
      limit: 10_000,
      store: (store) => mortality.wrap(store),
    });
    await test.add();
    const property = fc.asyncProperty(
      fc.commands(steps, { maxCommands: 14, size: "max" }),
      async (commands) => {
        const model: Model = { status: "none", round: 0, questions: [], answers: [], messages: [] };
        const real = new Real(test, mortality);
        // What a dying server says of itself would drown everything else.
        using _ = vi.spyOn(console, "error").mockImplementation(() => undefined);
        await fc.asyncModelRun(() => ({ model, real }), commands);
        count("sequences");
        await expectAsModelled(model, real);
        if (["running", "waiting"].includes(model.status)) await stop(model, real, true);
        mortality.revive();
      },
    );
    await fc.assert(property, {
      numRuns: runs,
      seed: Number(dice.seed),
      endOnFailure: true,
    });
  },
  24 * 3_600_000,
);

async function expectAsModelled(model: Model, real: Real) {
  // Its end is looked at in peace.
  if (!real.mortality.isDead) real.mortality.revive();
  await real.settle();
  const { store } = real.test.inside();
  expect(await store.pendingEffects()).toEqual([]);
  const open = (await store.open(null)).filter(({ item }) => item === real.item);
  expect(open.length).toBeLessThanOrEqual(1);
  if (!real.session) return;
  if (["running", "waiting"].includes(model.status)) await serve(model, real);
  expect(await real.status()).toBe(model.status);
  if (model.status === "merged") {
    const merges = await real.test.repository.git("log", "--merges", "--format=%s", "main");
    expect(merges.split("\n").filter((line) => line.startsWith(`Merge ${real.item}: `))).toHaveLength(1);
    expect(real.test.backlog.items.get(real.item)?.status).toBe("closed");
  }
  const inbox = await real.runner.inbox();
  expect(inbox.map(({ number }) => number)).toEqual(inbox.map((_, index) => index + 1));
  const texts = inbox.flatMap((entry) => (entry.kind === "message" ? entry.text : []));
  expect(texts).toEqual(model.messages);
  const rows = await store.questionsOf(real.session.id);
  const answers = rows.flatMap((row) =>
    row.status === "answered" ? (row.answer.choices[0]?.text ?? "") : [],
  );
  expect(answers.toSorted()).toEqual(model.answers.toSorted());
}
