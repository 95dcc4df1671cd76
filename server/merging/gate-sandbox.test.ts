import { spawnSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { gateLogName } from "#lib/contract/files.ts";
import { createLaneHouse, startLanes } from "../../e2e/fixtures/lane-house.ts";

const works =
  spawnSync("bwrap", ["--ro-bind", "/", "/", "--unshare-pid", "--proc", "/proc", "true"]).status === 0;
if (!works) console.warn("LEFT OUT: bubblewrap does not run here, so nothing proves the gate's sandbox.");

describe.skipIf(!works)("a gate in the sandbox (left out where bubblewrap does not run)", () => {
  it("[R42] a gate in the sandbox writes its scratch checkout alone, and sees nothing of the data folder", async () => {
    await using house = await createLaneHouse();
    const home = dirname(house.deps.scratchDir);
    await mkdir(join(home, "run"), { recursive: true });
    await writeFile(join(home, "run", "cli-token"), "a secret");
    const root = house.repository.path;
    const hidden = [join(home, "run"), house.deps.scratchDir];
    // What an agent may have written into the tests that the gate runs.
    const command = [
      `cat ${join(home, "run", "cli-token")} && echo READ-TOKEN`,
      `echo x > ${join(root, "planted.txt")} && echo WROTE-CHECKOUT`,
      `echo x > ${join(house.repository.commonDir, "hooks", "post-commit")} && echo WROTE-HOOK`,
      `git -C ${root} update-ref refs/heads/amplify/planted HEAD && echo MOVED-REF`,
      `kill -0 ${String(process.pid)} && echo SIGNALLED`,
      "test -f one.txt && git log -1 --format=%s && echo x > built.txt && echo x > /tmp/built.txt && echo WORKED",
    ].join("; ");
    const order = await house.session("bd-1", { "one.txt": "1\n" });
    const gate = [{ name: "test", command }];
    const view = await startLanes(house, { hidden }).land({ ...order, gate, sandbox: true });
    expect(view, view.message).toMatchObject({ status: "landed", gate: { status: "passed" } });
    const said = (await readFile(join(order.directory, gateLogName(1)), "utf8"))
      .split("\n")
      .filter((line) => /^[A-Z-]{5,}$/.test(line));
    expect(said).toEqual(["WORKED"]);
  });

  it("[R42] a gate that cannot be confined is not run, and the landing says why", async () => {
    await using house = await createLaneHouse();
    const order = await house.session("bd-1", { "one.txt": "1\n" });
    const gate = [{ name: "test", command: "touch ran.txt" }];
    const lanes = startLanes(house, { environment: { PATH: "/nowhere" } });
    const view = await lanes.land({ ...order, gate, sandbox: true });
    expect(view.status).toBe("gate-red");
    expect(view.message).toMatch(/could not be started[^]*bwrap/);
  });
});
