import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { gateLogName } from "#lib/contract/files.ts";
import { createLaneHouse, startLanes } from "../../e2e/fixtures/lane-house.ts";
import type { LandingOrder } from "./ports.ts";

vi.setConfig({ testTimeout: 120_000 });

const withRules = (order: LandingOrder, rules: Partial<LandingOrder["rules"]>): LandingOrder => ({
  ...order,
  rules: { ...order.rules, ...rules },
});

it("[M104] tells the gate's log before anything is in it, and keeps all that the commands print there", async () => {
  await using house = await createLaneHouse();
  const order = {
    ...(await house.session("bd-1", { "one.txt": "1\n" })),
    gate: [{ name: "say", command: "echo to stdout; echo to stderr >&2" }],
  };
  const lanes = startLanes(house);
  expect(await lanes.land(order)).toMatchObject({ status: "landed", gate: { status: "passed", log: 1 } });
  const running = house.told.find(({ view }) => view.gate?.status === "running");
  expect(running?.view).toMatchObject({ status: "running", step: "built", gate: { log: 1, commands: [] } });
  const text = await readFile(join(order.directory, gateLogName(1)), "utf8");
  expect(text).toContain("$ echo to stdout");
  for (const line of ["to stdout\n", "to stderr\n", "[say: passed, "]) expect(text).toContain(line);
});

it("[M105] tries a red command once more: green then lands with a mark, red again does not land", async () => {
  await using house = await createLaneHouse();
  const flag = join(house.deps.scratchDir, "..", "flag");
  const flaky = { name: "test", command: `test -e ${flag} || { touch ${flag}; echo not yet; exit 1; }` };
  const once = { ...(await house.session("bd-1", { "one.txt": "1\n" })), gate: [flaky] };
  const never = {
    ...(await house.session("bd-2", { "two.txt": "2\n" })),
    gate: [{ name: "test", command: "exit 4" }],
  };
  const lanes = startLanes(house);
  const view = await lanes.land(withRules(once, { retries: 1 }));
  expect(view).toMatchObject({ status: "landed", gate: { status: "flaky" } });
  expect(view.message).toContain("red at first");
  expect(view.gate?.commands.map(({ exit, retried }) => [exit, retried])).toEqual([
    [1, false],
    [0, true],
  ]);
  const red = await lanes.land(withRules(never, { retries: 1 }));
  expect(red.status).toBe("gate-red");
  expect(red.gate?.commands.map(({ exit }) => exit)).toEqual([4, 4]);
});

it("[M106] what hangs is not tried again", async () => {
  await using house = await createLaneHouse();
  const order = {
    ...withRules(await house.session("bd-1", { "one.txt": "1\n" }), { retries: 3 }),
    gate: [{ name: "hang", command: "exec sleep 600" }],
    gateTimeLimitMs: 50,
  };
  const view = await startLanes(house).land(order);
  expect(view).toMatchObject({ status: "gate-red", gate: { commands: [{ name: "hang" }] } });
});

it("[M107] a gate that is red on the base by itself is nobody's fault, and the landing says so", async () => {
  await using house = await createLaneHouse();
  const broken = { name: "test", command: "exit 1" };
  const own = { name: "test", command: "test ! -e one.txt" };
  const lanes = startLanes(house);
  const base = await lanes.land({
    ...withRules(await house.session("bd-1", { "two.txt": "1\n" }), { red: "send-back" }),
    gate: [broken],
  });
  expect(base.message).toContain("It is red on main by itself too.");
  const fault = await lanes.land({
    ...withRules(await house.session("bd-2", { "one.txt": "1\n" }), { red: "send-back" }),
    gate: [own],
  });
  expect(fault.status).toBe("gate-red");
  expect(fault.message).not.toContain("by itself too");
});

it("[M131] the gate gets what a worktree gets: carried files, the setup, and the environment of the configuration", async () => {
  await using house = await createLaneHouse();
  const root = house.repository.path;
  await writeFile(join(house.repository.commonDir, "info", "exclude"), ".env.test\nlinked\nbuilt\n");
  await house.repository.write(".env.test", "SECRET=1\n");
  await house.repository.write("linked", "far\n");
  const order: LandingOrder = {
    ...(await house.session("bd-1", { "one.txt": "1\n" })),
    carry: [
      { path: ".env.test", how: "copy" },
      { path: "linked", how: "link" },
      { path: "../outside", how: "copy" },
    ],
    setup: [{ name: "build", command: "cp one.txt built" }],
    passEnv: ["TOKEN"],
    env: { CI: "1" },
    gate: [
      { name: "files", command: "grep -q SECRET .env.test && test -L linked && grep -q 1 built" },
      { name: "variables", command: 'test "$CI $TOKEN $HTTPS_PROXY $OURS" = "1 given proxy "' },
    ],
  };
  const environment = {
    ...house.deps.environment,
    TOKEN: "given",
    HTTPS_PROXY: "proxy",
    OURS: "kept to ourselves",
  };
  const view = await startLanes(house, { environment }).land(order);
  expect(view, view.message).toMatchObject({ status: "landed", gate: { status: "passed" } });
  expect(view.gate?.commands.map(({ name }) => name)).toEqual(["files", "variables"]);
  const log = await readFile(join(order.directory, gateLogName(1)), "utf8");
  expect(log).toContain("[build: passed, ");
  expect(log).toContain("../outside was not carried: the path leaves the repository.");
  expect(await readFile(join(root, "linked"), "utf8")).toBe("far\n");
});

it("[M132] a setup of the gate that fails is for a person, and nothing is said of the work", async () => {
  await using house = await createLaneHouse();
  const order = {
    ...withRules(await house.session("bd-1", { "one.txt": "1\n" }), { red: "send-back", retries: 1 }),
    setup: [{ name: "install", command: "echo no registry; exit 3" }],
    gate: [{ name: "test", command: "touch ran" }],
  };
  const view = await startLanes(house).land(order);
  expect(view).toMatchObject({ status: "error", gate: { status: "not-ready", log: 1 } });
  expect(view.message).toMatch(/its setup failed: install ended with exit code 3\..*no registry/s);
  expect(view.gate?.commands.map(({ exit, retried }) => [exit, retried])).toEqual([
    [3, false],
    [3, true],
  ]);
  expect(await house.repository.git("log", "-1", "--format=%s", "main")).not.toContain("bd-1");
});

it("[M133] what a dead server's gate left at work is ended before the gate runs again, and when none does", async () => {
  await using house = await createLaneHouse();
  const gate = [{ name: "test", command: "true" }];
  const again = { ...(await house.session("bd-1", { "one.txt": "1\n" })), gate };
  const never = { ...(await house.session("bd-2", { "a.txt": "theirs\n" })), gate };
  await house.repository.write("a.txt", "ours\n");
  await house.repository.commit("Be in the way");
  for (const [order, status] of [
    [again, "landed"],
    [never, "conflict"],
  ] as const) {
    const left = spawn("sleep", ["600"], { env: { ...process.env, AMPLIFY_SESSION: `landing/${order.id}` } });
    const ended = once(left, "exit");
    const living: (number | null)[] = [];
    const lanes = startLanes(house, {
      runShell(shell) {
        living.push(left.signalCode === null ? left.pid! : null);
        return house.deps.runShell(shell);
      },
      async endMarked(marker) {
        const count = await house.deps.endMarked(marker);
        if (count !== 0) await ended;
      },
    });
    expect(await lanes.land(order)).toMatchObject({ status });
    expect(await ended).toEqual([null, "SIGTERM"]);
    expect(living.filter((pid) => pid !== null)).toEqual([]);
  }
});
