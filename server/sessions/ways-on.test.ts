import { describe, expect, it } from "vitest";
import type { SessionView } from "#lib/contract/wire.ts";
import { parseItemId } from "#lib/domain/ids.ts";
import { type Way, waysOn } from "#lib/domain/ways-on.ts";
import { memoryItem } from "../../e2e/fakes/memory-work-source.ts";
import type { ScriptedRunner } from "../../e2e/fakes/scripted-runner.ts";
import { createTestApplication, owner, type TestApplication } from "../../e2e/fixtures/application.ts";

type Bring = (test: TestApplication, runner: ScriptedRunner, session: SessionView) => Promise<void>;

const begin: Bring = async (_test, runner) => {
  await runner.prepare();
  await runner.startStep();
};
const fail =
  (reason: "agent-crashed" | "no-verdict" | "claim-lost"): Bring =>
  async (_test, runner) => {
    await runner.prepare();
    await runner.startStep();
    await runner.work("a.txt", "a\n");
    if (reason === "no-verdict") await runner.complete();
    await runner.write({ kind: "failed", failure: { reason, detail: "" } });
  };
const stop =
  (discard: boolean): Bring =>
  async (test, runner, session) => {
    await runner.prepare();
    await runner.startStep();
    await test.command("session:stop", { session: session.id, discard });
    await runner.write({ kind: "stopped", by: "Ada", discard, inbox: 1 });
  };

const standings: Readonly<Record<string, { status: SessionView["status"]; bring: Bring }>> = {
  running: { status: "running", bring: begin },
  approved: {
    status: "approved",
    async bring(_test, runner) {
      await runner.bringToApproval();
    },
  },
  failed: { status: "failed", bring: fail("agent-crashed") },
  "without a verdict": { status: "failed", bring: fail("no-verdict") },
  "without its item": { status: "failed", bring: fail("claim-lost") },
  stopped: { status: "stopped", bring: stop(false) },
  "given up": { status: "stopped", bring: stop(true) },
  interrupted: {
    status: "interrupted",
    async bring(_test, runner) {
      await runner.prepare();
      await runner.startStep();
      await runner.write({ kind: "interrupted", why: "the machine was restarted" });
    },
  },
  "rejected by a person": {
    status: "rejected",
    async bring(test, runner, session) {
      const head = await runner.bringToApproval();
      await test.reaches(session.id, "approved");
      await test.command("session:overrule", { session: session.id, verdict: "reject", reason: "No", head });
    },
  },
};

const take: Readonly<Record<Way, (test: TestApplication, session: SessionView) => Promise<unknown>>> = {
  message: (test, { id }) => test.command("session:message", { session: id, text: "Go on" }),
  stop: (test, { id }) => test.command("session:stop", { session: id }),
  rework: (test, { id }) => test.command("session:rework", { session: id, note: "Shorter" }),
  approve: (test, { id, head }) =>
    test.command("session:overrule", { session: id, verdict: "approve", reason: "Fine", head }),
  reject: (test, { id, head }) =>
    test.command("session:overrule", { session: id, verdict: "reject", reason: "No", head }),
  resume: (test, { id }) => test.command("session:resume", { session: id }),
  "resume-fresh": (test, { id }) => test.command("session:resume", { session: id, fresh: true }),
  dispatch: (test, session) =>
    test.command("session:dispatch", { repository: session.repository, item: session.item.id }),
  "give-up": (test, { id }) => test.command("session:stop", { session: id, discard: true }),
};

/** One world with a session in this state for each way that is tried. */
async function standing(name: string) {
  const test = await createTestApplication({ limit: 20 });
  await test.add();
  let count = 0;
  const bring = async () => {
    count += 1;
    const id = parseItemId(`t-${String(count)}`);
    test.backlog.items.set(id, memoryItem(id));
    const { session, runner } = await test.dispatch(id);
    const { status, bring: to } = standings[name]!;
    await to(test, runner, session);
    await test.reaches(session.id, status);
    await test.inside().application.settled();
    return test.session(session.id);
  };
  return { test, bring };
}

describe("the ways on for a session as it stands", () => {
  for (const name of Object.keys(standings)) {
    it(`[U240] whatever is offered for one that is ${name}, the server takes`, async () => {
      const { test, bring } = await standing(name);
      await using _ = test;
      let session = await bring();
      const { first, more } = waysOn(session);
      expect(first).not.toEqual([]);
      for (const way of [...first, ...more]) {
        await expect(take[way](test, session), way).resolves.toBeDefined();
        session = await bring();
      }
    });
  }

  it("[U240] where only a new session helps, nothing else is offered, and the server would refuse it", async () => {
    for (const name of ["given up", "without its item"]) {
      const { test, bring } = await standing(name);
      await using _ = test;
      const session = await bring();
      const { first, more } = waysOn(session);
      expect(first).toEqual(["dispatch"]);
      expect(more).not.toContain("resume");
      await expect(take.resume(test, session), name).rejects.toMatchObject({
        problem: { code: "conflict", fix: "Dispatch t-1 again." },
      });
    }
  });

  it("[U241] work that was given up can be dispatched again under a chosen agent type, which is offered with the one that would be chosen", async () => {
    const { test, bring } = await standing("given up");
    await using _ = test;
    const session = await bring();
    const repository = session.repository;
    const item = session.item.id;
    const known = await test.inside().application.read("agent-types", { repository, item }, { actor: owner });
    expect(known.types).toContain("backend-engineer");
    expect(known.choice).toEqual({ type: "default", why: "no label and no rule names a type" });
    const again = await test.command("session:dispatch", { repository, item, agentType: "backend-engineer" });
    expect(again.session.agent).toMatchObject({ type: "backend-engineer", why: "asked for" });
    expect(again.replaced?.session).toBe(session.id);
  });
});
