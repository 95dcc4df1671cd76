import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, it, vi } from "vitest";
import { isolatedGitEnvironment, runGit } from "../../e2e/fixtures/repository.ts";
import { createLaneHouse, type LaneHouse, startLanes } from "../../e2e/fixtures/lane-house.ts";
import { createRemotes } from "#server/adapters/git/remotes.ts";
import { runTool } from "#server/adapters/process/run-tool.ts";
import type { LandingOrder } from "./ports.ts";

vi.setConfig({ testTimeout: 120_000 });

/** A bare repository beside the house's own, as its `origin`, which has what main has. */
async function remoteOf({ repository }: LaneHouse) {
  const path = join(dirname(repository.path), "origin.git");
  await runGit(dirname(path), "init", "--quiet", "--bare", "--initial-branch=main", path);
  await repository.git("remote", "add", "origin", path);
  await repository.git("push", "--quiet", "origin", "main");
  return { path, tip: (branch = "main") => runGit(path, "rev-parse", `refs/heads/${branch}`) };
}

const after = (order: LandingOrder, how: LandingOrder["after"]["how"]): LandingOrder => ({
  ...order,
  after: { how, remote: "origin" },
});

it("[M141] what has landed is pushed where that is asked for, by none of the repository's hooks and settings", async () => {
  await using house = await createLaneHouse();
  const remote = await remoteOf(house);
  const sung = join(dirname(house.repository.path), "sung");
  await mkdir(join(house.repository.commonDir, "hooks"), { recursive: true });
  const hook = join(house.repository.commonDir, "hooks", "pre-push");
  await writeFile(hook, `#!/bin/sh\ntouch ${sung}\nexit 1\n`);
  await chmod(hook, 0o755);
  await house.repository.git("config", "credential.helper", `!touch ${sung}`);
  await house.repository.git("config", "remote.origin.receivepack", `touch ${sung}; git-receive-pack`);

  const first = after(await house.session("bd-1", { "one.txt": "1\n" }), "push");
  const second = after(await house.session("bd-2", { "two.txt": "2\n" }), "push");
  const lanes = startLanes(house);
  for (const order of [first, second]) {
    expect(await lanes.land(order)).toMatchObject({
      status: "landed",
      message: "Merged to main and pushed to origin.",
    });
    expect(await remote.tip()).toBe(await house.tip());
  }
  await expect(readFile(sung)).rejects.toThrow("ENOENT");
});

it("[M142] a push never takes away what somebody else has pushed: the work has landed, and the rest is said", async () => {
  await using house = await createLaneHouse();
  const remote = await remoteOf(house);
  const other = join(dirname(house.repository.path), "other");
  await runGit(dirname(other), "clone", "--quiet", remote.path, other);
  await runGit(
    other,
    "-c",
    "user.name=Bo",
    "-c",
    "user.email=bo@example.test",
    "commit",
    "--quiet",
    "--allow-empty",
    "-m",
    "Theirs",
  );
  await runGit(other, "push", "--quiet", "origin", "main");
  const theirs = await remote.tip();

  const view = await startLanes(house).land(after(await house.session("bd-1", { "one.txt": "1\n" }), "push"));
  expect(view.status).toBe("landed");
  expect(view.message).toContain("It was not pushed: main on origin holds what this repository has not.");
  expect(await remote.tip()).toBe(theirs);

  // Somebody who pushes between our look and our push keeps theirs as well.
  await house.repository.git("pull", "--quiet", "--no-rebase", "origin", "main");
  await house.repository.git("push", "--quiet", "origin", "main");
  await runGit(other, "pull", "--quiet");
  const { remotes } = house.deps;
  const late = {
    ...remotes,
    async push(order: Parameters<typeof remotes.push>[0]) {
      await runGit(
        other,
        "-c",
        "user.name=Bo",
        "-c",
        "user.email=bo@example.test",
        "commit",
        "--quiet",
        "--allow-empty",
        "-m",
        "Late",
      );
      await runGit(other, "push", "--quiet", "origin", "main");
      return remotes.push(order);
    },
  };
  const next = await startLanes(house, { remotes: late }).land(
    after(await house.session("bd-2", { "two.txt": "2\n" }), "push"),
  );
  expect(next.message).toContain("holds what this repository has not");
  expect(await remote.tip()).toBe(await runGit(other, "rev-parse", "HEAD"));
});

it("[M143] a remote that cannot be reached is tried again a few times, and undoes nothing", async () => {
  await using house = await createLaneHouse();
  await remoteOf(house);
  await house.repository.git("remote", "set-url", "origin", join(dirname(house.repository.path), "nowhere"));
  const order = after(await house.session("bd-1", { "one.txt": "1\n" }), "push");
  const lanes = startLanes(house);
  expect(await lanes.land(order)).toMatchObject({ status: "running", step: "archived" });
  expect(house.backlog.items.get("bd-1")?.status).toBe("closed");
  for (let tries = 1; house.clock.pending.length > 0; tries += 1) {
    expect(tries).toBeLessThan(6);
    house.clock.pending.shift()!.call();
    await lanes.land(order);
  }
  const landing = await house.store.find(order.id);
  expect(landing).toMatchObject({ status: "landed", step: "cleaned" });
  expect(landing?.journal.warnings.join()).toMatch(/not pushed, as it cannot be reached: fatal: .*nowhere/);

  await house.repository.git("remote", "set-url", "origin", "ext::touch sung");
  const planted = after(await house.session("bd-2", { "two.txt": "2\n" }), "push");
  expect((await startLanes(house).land(planted)).message).toContain("'ext' not allowed");
});

/** A `gh` that writes its arguments down and answers as the real one does. */
async function fakeGh(house: LaneHouse, opens: string) {
  const folder = join(dirname(house.repository.path), "bin");
  await mkdir(folder, { recursive: true });
  const log = join(folder, "log");
  const script = `#!/bin/sh\nprintf '%s\\n' "$@" >> ${log}\ncase "$2" in list) exit 0;; create) ${opens};; esac\n`;
  await writeFile(join(folder, "gh"), script);
  await chmod(join(folder, "gh"), 0o755);
  const env = { ...isolatedGitEnvironment(), PATH: `${folder}:${process.env["PATH"] ?? ""}` };
  const real = createRemotes({ runTool, env, home: null });
  const { path } = await remoteOf(house);
  // The address is that of a host; what goes there ends in the bare repository.
  const at = "git@github.example.test:shop/api.git";
  const remotes = {
    ...real,
    urlOf: () => Promise.resolve(at),
    tipOf: (_url: string, branch: string) => real.tipOf(path, branch),
    push: (order: Parameters<typeof real.push>[0]) => real.push({ ...order, url: path }),
  };
  return { remotes, path, said: () => readFile(log, "utf8") };
}

it("[M144] where pull requests are asked for the work is gated, pushed as its branch and proposed, and the base stays", async () => {
  await using house = await createLaneHouse();
  const url = "https://github.example.test/shop/api/pull/7";
  const { remotes, path, said } = await fakeGh(house, `echo ${url}`);
  const order = {
    ...after(await house.session("bd-1", { "one.txt": "1\n" }), "pull-request"),
    gate: [{ name: "test", command: "test -f one.txt" }],
  };
  const tip = await house.tip();
  const view = await startLanes(house, { remotes }).land(order);
  expect(view).toMatchObject({ status: "proposed", url, gate: { status: "passed" }, commit: null });
  expect(await house.tip()).toBe(tip);
  expect(await runGit(path, "rev-parse", "refs/heads/amplify/bd-1")).toBe(order.approval.head);
  const words = (await said()).split("\n");
  expect(words).toEqual(
    expect.arrayContaining(["create", "github.example.test/shop/api", "Merge bd-1: Do what bd-1 asks"]),
  );
  expect(words).toContain("Amplify-Session: " + order.session);
  expect(house.backlog.items.get("bd-1")?.status).toBe("in_progress");
});

it("[M145] without a tool that can, the place where a pull request is opened by hand is told; proposing again is harmless", async () => {
  await using house = await createLaneHouse();
  const { remotes } = await fakeGh(house, "exit 4");
  const order = after(await house.session("bd-1", { "one.txt": "1\n" }), "pull-request");
  const lanes = startLanes(house, { remotes });
  const url = "https://github.example.test/shop/api/compare/main...amplify/bd-1?expand=1";
  expect(await lanes.land(order)).toMatchObject({ status: "proposed", url });
  const again = await lanes.land({ ...order, id: "landing-again" });
  expect(again).toMatchObject({ status: "proposed", url });
  expect(again.message).toContain(url);
});
