import { execFile } from "node:child_process";
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { mkdir, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { asks, createRehearsalHouse } from "./fixtures/rehearsal-house.ts";

const run = promisify(execFile);
it("[Z35] on a full disk everybody is told, nothing is accepted and agents are held; with room again all goes on, without a restart", async (context) => {
  await using house = await createRehearsalHouse({ registered: false });
  await mkdir(house.home, { mode: 0o700 });
  const mounted = await run("mount", ["-t", "tmpfs", "-o", "size=48m,mode=700", "tmpfs", house.home]).then(
    () => true,
    () => false,
  );
  if (!mounted) {
    console.warn("SKIPPED: no right to mount a small file system here.");
    context.skip();
  }
  const pids = () => Promise.all([house.pidOf("server"), house.pidOf("runner")]);
  try {
    expect(await house.amplify("repo", "add")).toMatchObject({ exit: 0 });
    const waiting = await house.bring("waiting", "Ask first", asks);
    const busy = await house.createItem("Work for long", "fail: hang");
    expect(await house.amplify("session", "dispatch", busy)).toMatchObject({ exit: 0 });
    await house.until("the agent", async () => (await house.session(busy)).pid);
    const before = await pids();

    const filler = join(house.home, "filler");
    await fill(filler, house.home);
    await house.until("the agent is held", async () =>
      (await house.session(busy)).evidence.process === "stopped" ? true : null,
    );
    const alert = await house.until("the alert", async () => {
      const { stdout } = await house.amplify("queue", "status");
      return stdout.includes("disk") ? stdout : null;
    });
    expect(alert).toMatch(/full: nothing can be recorded/);
    const refused = await house.amplify("session", "answer", waiting.id, "q-1", "blue");
    expect(refused.exit).toBe(1);
    expect(refused.stderr).toMatch(/full/);
    expect(await house.amplify("session", "status")).toMatchObject({ exit: 0 });

    await rm(filler);
    await house.until("the end of the alert", async () => {
      const { stdout } = await house.amplify("queue", "status");
      return stdout.includes("disk") ? null : true;
    });
    expect(await house.amplify("session", "answer", waiting.id, "q-1", "blue")).toMatchObject({ exit: 0 });
    await house.reach(waiting.id, "approved");
    await house.until("the agent goes on", async () =>
      (await house.session(busy)).evidence.process === "alive" ? true : null,
    );
    expect(await pids()).toEqual(before);
    expect(await house.amplify("session", "stop", busy)).toMatchObject({ exit: 0 });
    await house.until("the stop", async () =>
      (await house.session(busy)).status === "stopped" ? true : null,
    );
  } finally {
    // Without their folder they would not be found.
    for (const pid of await pids().catch(() => [])) process.kill(pid, "SIGKILL");
    await run("umount", ["--lazy", house.home]);
  }
}, 120_000);

/** Leaves half a megabyte: less than the reserve, enough for what is under way. */
async function fill(path: string, folder: string) {
  const { bavail, bsize } = await statfs(folder);
  const file = openSync(path, "w");
  const block = Buffer.alloc(1 << 19);
  for (let left = bavail * bsize - 2 * block.length; left > 0; left -= block.length) writeSync(file, block);
  fsyncSync(file);
  closeSync(file);
}
