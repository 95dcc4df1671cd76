import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { describe, expect, it, vi } from "vitest";
import type { Config } from "#lib/contract/config.ts";
import type { SessionView } from "#lib/contract/wire.ts";
import { parseItemId } from "#lib/domain/ids.ts";
import type { Question } from "#lib/domain/question.ts";
import { createRepositoryConfigs } from "#server/config.ts";
import { memoryItem } from "../../e2e/fakes/memory-work-source.ts";
import { createTestApplication, owner, type TestApplication } from "../../e2e/fixtures/application.ts";
import { landingOrder } from "./landing-order.ts";

vi.setConfig({ testTimeout: 120_000 });

async function approved(test: TestApplication, item: string, file: string, labels: readonly string[] = []) {
  test.backlog.items.set(parseItemId(item), { ...memoryItem(item), labels: [...labels] });
  await test.inside().application.read("items", {}, { actor: owner });
  const { session, runner } = await test.dispatch(item);
  await runner.bringToApproval(file, "done\n");
  await test.reaches(session.id, "approved");
  await test.inside().application.settled();
  return { session, runner };
}

async function configured(config: {
  gate?: string[];
  validate?: string[];
  landing?: Partial<Config["landing"]>;
}) {
  const test = await createTestApplication();
  await writeFile(join(test.repository.path, "amplify.config.json"), JSON.stringify(config));
  await test.add();
  return test;
}

const ended = (test: TestApplication, session: string, status: string) =>
  test.fact(
    ({ changes }) =>
      changes.landings?.some((each) => each.session === session && each.status === status) ?? false,
  );

describe("landing by rules", () => {
  it("[M125] in a train the red one goes back to its agent with the gate's output, and the rest lands", async () => {
    await using test = await configured({
      gate: ["test ! -e red.txt || { echo it is red; exit 1; }"],
      landing: { retries: 0 },
    });
    const red = await approved(test, "t-1", "red.txt");
    const green = await approved(test, "t-2", "green.txt");
    const { landings } = await test.command("merge:start", {});
    expect(new Set(landings.map(({ train }) => train)).size).toBe(1);
    await ended(test, red.session.id, "gate-red");
    await test.reaches(green.session.id, "merged");
    await test.inside().application.settled();
    expect(await red.runner.inbox()).toMatchObject([
      { kind: "rework", by: "policy", note: expect.stringContaining("it is red") as unknown },
    ]);
    const plan = await test.inside().application.read("merge-plan", {}, { actor: owner });
    expect(plan.entries).toMatchObject([
      { session: red.session.id, gate: { status: "red", isCurrent: false } },
    ]);
  });

  it("[M126] left to a person it stays approved, and is sent back by one command", async () => {
    await using test = await configured({
      gate: ["echo no good; exit 1"],
      landing: { retries: 0, red: "person" },
    });
    const { session, runner } = await approved(test, "t-1", "one.txt");
    await expect(test.command("session:send-back", { session: "t-1" })).rejects.toMatchObject({
      problem: { code: "conflict" },
    });
    await test.command("merge:start", {});
    await ended(test, session.id, "gate-red");
    expect((await test.session(session.id)).status).toBe("approved");
    await test.command("session:send-back", { session: "t-1", note: "Mind the phones" });
    await test.inside().application.settled();
    const [sent] = await runner.inbox();
    expect(sent).toMatchObject({ kind: "rework", by: "Ada" });
    expect(JSON.stringify(sent)).toMatch(/no good.*Mind the phones/);
  });

  it("[M127] a cancel ends the running gate and all that waits behind it", async () => {
    await using test = await configured({ gate: ["exec sleep 600"] });
    const first = await approved(test, "t-1", "one.txt");
    const second = await approved(test, "t-2", "two.txt");
    await test.command("merge:start", {});
    await test.fact(
      ({ changes }) => changes.landings?.some(({ gate }) => gate?.status === "running") ?? false,
    );
    const { cancelled, tooLate } = await test.command("merge:cancel", {});
    expect(cancelled.map(({ session }) => session).sort()).toEqual(
      [first.session.id, second.session.id].sort(),
    );
    expect(tooLate).toEqual([]);
    for (const { session } of [first, second])
      expect((await test.session(session.id)).status).toBe("approved");
    expect(await test.repository.git("log", "--merges", "--format=%s", "main")).toBe("");
  });

  it("[M128] a revert opens the item again as nobody's and marks the session, once", async () => {
    await using test = await configured({});
    const { session } = await approved(test, "t-1", "one.txt");
    await test.command("merge:start", {});
    await ended(test, session.id, "landed");
    const { landing } = await test.command("merge:revert", { session: "t-1", reason: "It breaks phones" });
    expect(landing).toMatchObject({ kind: "revert", status: "running" });
    await test.fact(
      ({ changes }) =>
        changes.landings?.some(({ id, status }) => id === landing.id && status === "landed") ?? false,
    );
    const view = await test.session(session.id);
    expect(view).toMatchObject({ status: "merged", reverted: { by: "Ada", reason: "It breaks phones" } });
    expect(test.backlog.items.get(parseItemId("t-1"))).toMatchObject({ status: "open", assignee: null });
    await expect(test.command("merge:revert", { session: "t-1", reason: "Again" })).rejects.toMatchObject({
      problem: { message: expect.stringContaining("taken back by Ada already") as unknown },
    });
  });

  it("[M129] what is approved lands by itself where that is asked for, save what is kept for a person", async () => {
    await using test = await configured({ landing: { auto: true, ask: [{ label: "risky" }] } });
    const kept = await approved(test, "t-1", "one.txt", ["risky"]);
    const free = await approved(test, "t-2", "two.txt");
    await test.reaches(free.session.id, "merged");
    await test.inside().application.settled();
    expect((await test.session(kept.session.id)).status).toBe("approved");
    await test.command("merge:start", { session: "t-1" });
    await test.reaches(kept.session.id, "merged");
  });

  it("[M130] a loop that lands by itself parks what is kept for a person", async () => {
    await using test = await configured({ landing: { ask: [{ path: "*.sql" }] } });
    const { session } = await approved(test, "t-1", "change.sql");
    await test.command("loop:start", { landing: "auto" });
    const fact = await test.fact(({ name }) => name === "loop:finished");
    expect(fact.changes.loops?.[0]?.parked).toMatchObject([
      {
        session: session.id,
        why: expect.stringContaining("A person has to land it. It changes change.sql (*.sql).") as unknown,
      },
    ]);
    expect((await test.session(session.id)).status).toBe("approved");
  });

  it("[M135] what was approved while nothing landed by itself lands once that is asked for, and when the server is back", async () => {
    await using test = await configured({});
    const first = await approved(test, "t-1", "one.txt");
    await writeFile(join(test.repository.path, "amplify.config.json"), '{ "landing": { "auto": true } }');
    await test.elapse(60_000);
    await test.reaches(first.session.id, "merged");

    await writeFile(join(test.repository.path, "amplify.config.json"), "{}");
    const second = await approved(test, "t-2", "two.txt");
    await test.restart({
      before: () =>
        writeFile(join(test.repository.path, "amplify.config.json"), '{ "landing": { "auto": true } }'),
    });
    await test.reaches(second.session.id, "merged");
  });

  it("[M149] a plan says that nothing is tested, with what could be, and which hooks play no part", async () => {
    await using test = await configured({ validate: ["npm run check"] });
    const hook = join(test.repository.commonDir, "hooks", "commit-msg");
    await mkdir(dirname(hook), { recursive: true });
    await writeFile(hook, "#!/bin/sh\nexit 1\n");
    await approved(test, "t-1", "one.txt");
    const read = () => test.inside().application.read("merge-plan", {}, { actor: owner });
    expect((await read()).notes).toEqual([
      expect.stringMatching(/No gate is configured.*"gate": \["npm run check"\]/),
      expect.stringContaining("commit-msg do not run"),
    ]);
    await writeFile(join(test.repository.path, "amplify.config.json"), '{ "gate": ["true"] }');
    expect((await read()).notes).toHaveLength(1);
  });

  it("[M150] a conflict goes back to its agent by itself where that is asked for, with the base", async () => {
    await using test = await configured({ landing: { conflict: "send-back" } });
    const { session, runner } = await approved(test, "t-1", "one.txt");
    await test.repository.write("one.txt", "ours\n");
    const base = await test.repository.commit("Be in the way");
    await test.command("merge:start", { session: "t-1" });
    await ended(test, session.id, "conflict");
    await test.reaches(session.id, "outdated");
    await test.inside().application.settled();
    expect((await runner.inbox()).at(-1)).toMatchObject({ kind: "recheck", by: "policy", base });
  });

  it("[M151] the merge commit says who answered, overruled and merged, the verdict and the cost; nobody and nothing is left out", async () => {
    await using test = await configured({});
    const { session } = await approved(test, "t-1", "one.txt");
    const { store } = test.inside();
    const [row, [repository]] = await Promise.all([store.session(session.id), store.repositories()]);
    const readSettings = createRepositoryConfigs({
      rehearsal: "",
      skills: resolve("skills"),
      kept: test.home,
    });
    const trailersOf = async (view: Partial<SessionView>, answerers: readonly string[]) => {
      const questionsOf = () =>
        Promise.resolve(answerers.map((by) => ({ status: "answered", answer: { by } }) as Question));
      const deps = { store: { ...store, questionsOf }, readSettings };
      const changed = { ...row!, view: { ...row!.view, ...view } };
      return (await landingOrder({ row: changed, repository: repository!, by: "Ada", deps }))!.trailers;
    };
    const overruled = { by: "Cy", reason: "It is urgent" } as SessionView["overruled"];
    expect(await trailersOf({ costUsd: 1.5, overruled }, ["Bo", "Di", "Bo"])).toEqual({
      "Amplify-Session": session.id,
      "Amplify-Verdict": "approved",
      "Overruled-by": "Cy: It is urgent",
      "Answered-By": "Bo, Di",
      "Merged-By": "Ada",
      Cost: "$1.50",
    });
    expect(await trailersOf({ costUsd: 0, overruled: null }, [])).toMatchObject({
      "Answered-By": "",
      "Overruled-by": "",
      Cost: "",
    });
  });

  it("[M136] landing by itself goes on when the file in the way is gone, or the alarm is acknowledged", async () => {
    await using test = await configured({ landing: { auto: true } });
    await test.repository.write("one.txt", "mine\n");
    const held = await approved(test, "t-1", "one.txt");
    await ended(test, held.session.id, "checkout-in-the-way");
    await rm(join(test.repository.path, "one.txt"));
    await test.elapse(30_000);
    expect((await test.session(held.session.id)).status).toBe("approved");
    await test.elapse(60_000);
    await test.reaches(held.session.id, "merged");

    const base = await test.repository.git("rev-parse", "HEAD^{tree}");
    const stranger = await test.repository.git("commit-tree", "-p", "HEAD", "-m", "Stranger", base);
    await test.repository.git("update-ref", "refs/heads/main", stranger);
    const blocked = await approved(test, "t-2", "two.txt");
    await ended(test, blocked.session.id, "blocked");
    await test.command("repository:acknowledge", {});
    await test.reaches(blocked.session.id, "merged");
  });

  it("[M137] what lands by itself lands in the proposed order, and what a person cancelled stays", async () => {
    await using test = await configured({ gate: ["test ! -e hold"], landing: { retries: 0, red: "person" } });
    const [from, to] = [parseItemId("t-9"), parseItemId("t-2")];
    const waiting = { ...memoryItem("t-9"), dependencies: [{ from, to, kind: "blocks" as const }] };
    test.backlog.items.set(from, waiting);
    const late = await approved(test, "t-1", "one.txt");
    const early = await approved(test, "t-2", "two.txt");
    await writeFile(
      join(test.repository.path, "amplify.config.json"),
      '{ "gate": ["exec sleep 600"], "landing": { "auto": true } }',
    );
    await test.elapse(60_000);
    const fact = await test.fact(
      ({ changes }) => changes.landings?.some(({ gate }) => gate?.status === "running") ?? false,
    );
    expect(fact.session).toBe(early.session.id);
    await test.reaches(late.session.id, "merging");
    await test.command("merge:cancel", {});
    await test.elapse(120_000);
    await test.inside().application.settled();
    for (const { session } of [late, early]) expect((await test.session(session.id)).status).toBe("approved");
  });
});
