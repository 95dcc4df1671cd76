import fc from "fast-check";
import { expect, it, vi } from "vitest";
import type { CommandInput, CommandName, SessionView } from "#lib/contract/wire.ts";
import { parseItemId } from "#lib/domain/ids.ts";
import type { SessionStore } from "#server/sessions/ports.ts";
import { memoryItem } from "../fakes/memory-work-source.ts";
import { createTestApplication, type TestApplication } from "../fixtures/application.ts";
import { openScenario, times } from "./harness/tier.ts";

const runs = times(150, 20_000);
const { dice, count } = openScenario("sequences");

/** What has been acknowledged, and so must be so at the end. */
interface Model {
  status: "none" | "running" | "waiting" | "failed" | "stopped";
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
  async command<Name extends CommandName>(name: Name, input: CommandInput<Name>) {
    const key = `${this.item}-key-${(this.#keys += 1)}`;
    for (;;) {
      try {
        return await this.test.command(name, input, { key });
      } catch (error) {
        if (!this.mortality.isDead) throw error;
        await this.#comeBack();
      }
    }
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
    if (!this.session) return "none";
    return (await this.test.session(this.session.id)).status;
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

const steps = [
  fc.constant(
    step(
      "dispatch",
      ({ status }) => ["none", "failed", "stopped"].includes(status),
      async (model, real) => {
        real.session = (await real.command("session:dispatch", { item: real.item })).session;
        await real.settle();
        const { base, worktree } = await real.runner.spec();
        await real.runner.write({ kind: "prepared", worktree, base: base.oid });
        await real.runner.startStep();
        Object.assign(model, { status: "running", questions: [], answers: [], messages: [] });
      },
    ),
  ),
  fc.constant(
    step(
      "ask",
      ({ status }) => status === "running",
      async (model, real) => {
        await real.runner.ask(`Question ${model.questions.length + 1}`);
        model.questions.push(`q-${model.questions.length + 1}`);
        model.status = "waiting";
        await real.settle();
      },
    ),
  ),
  fc.constant(
    step(
      "answer",
      ({ status }) => status === "waiting",
      async (model, real) => {
        const session = real.session?.id ?? null;
        const question = model.questions.at(-1) as never;
        const text = `answer to ${String(question)}`;
        await untilTakenIn(real, "waiting");
        await real.command("question:answer", { session, question, text });
        model.answers.push(text);
        await real.settle();
        const entry = (await real.runner.inbox()).at(-1);
        if (entry?.kind !== "answer") throw new Error(`The inbox ends with ${entry?.kind ?? "nothing"}.`);
        const answer = { choices: entry.choices, by: entry.by, at: entry.at };
        await real.runner.write({ kind: "answered", question, answer, inbox: entry.number });
        await real.runner.startStep();
        model.status = "running";
      },
    ),
  ),
  fc.constant(
    step(
      "message",
      ({ status }) => ["running", "waiting", "failed"].includes(status),
      async (model, real) => {
        const text = `message ${model.messages.length}`;
        await real.command("session:message", { session: real.session?.id ?? "", text });
        model.messages.push(text);
      },
    ),
  ),
  fc.constant(
    step(
      "fail",
      ({ status }) => status === "running",
      async (model, real) => {
        await real.runner.write(fail);
        model.status = "failed";
        await real.settle();
        await untilTakenIn(real, "failed");
      },
    ),
  ),
  fc.boolean().map((discard) =>
    step(
      discard ? "stop and discard" : "stop",
      ({ status }) => ["running", "waiting"].includes(status),
      async (model, real) => stop(model, real, discard),
    ),
  ),
  ...[8, 40, 120].map((max) =>
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
  await real.command("session:stop", { session: real.session?.id ?? "", discard });
  await real.settle();
  const entry = (await real.runner.inbox()).at(-1);
  if (entry?.kind !== "stop") throw new Error(`The inbox ends with ${entry?.kind ?? "nothing"}.`);
  await real.runner.write({ kind: "stopped", by: entry.by, discard, inbox: entry.number });
  model.status = "stopped";
  await untilTakenIn(real, "stopped");
  await real.settle();
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
    const property = fc.asyncProperty(fc.commands(steps, { maxCommands: 12 }), async (commands) => {
      const model: Model = { status: "none", questions: [], answers: [], messages: [] };
      const real = new Real(test, mortality);
      // What a dying server says of itself would drown everything else.
      using _ = vi.spyOn(console, "error").mockImplementation(() => undefined);
      await fc.asyncModelRun(() => ({ model, real }), commands);
      count("sequences");
      await expectAsModelled(model, real);
      if (["running", "waiting"].includes(model.status)) await stop(model, real, true);
      mortality.revive();
    });
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
  if (model.status === "running") await untilTakenIn(real, "running");
  expect(await real.status()).toBe(model.status);
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
