import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openRuntimeSocket } from "#e2e/fixtures/runtime-socket.ts";
import { confined } from "./confine.ts";

/** Nobody's id; a process of root becomes it, any other is a normal user already. */
const nobody = 65_534;
const isRoot = process.getuid?.() === 0;
const become = isRoot
  ? ["setpriv", `--reuid=${String(nobody)}`, `--regid=${String(nobody)}`, "--clear-groups"]
  : ["env"];
const path = process.env["PATH"] ?? "";
const [file = "", ...before] = become;
const works =
  spawnSync(file, [...before, "bwrap", "--ro-bind", "/", "/", "--unshare-pid", "--proc", "/proc", "true"])
    .status === 0;
if (!works)
  console.warn("LEFT OUT: a normal user may not use bubblewrap here, so nothing proves their sandbox.");

describe.skipIf(!works)("the sandbox of a normal user (left out where they may not use bubblewrap)", () => {
  it("[R43] a normal user's sandbox holds: their own files outside of it are neither seen nor changed, and nobody outside does it for them", async () => {
    const folder = mkdtempSync(join(tmpdir(), "amplify-confine-"));
    const of = (name: string) => join(folder, name);
    for (const name of ["data", "work", "elsewhere"]) mkdirSync(of(name));
    writeFileSync(of("data/token"), "a secret");
    writeFileSync(of("work/kept"), "as it was");
    if (isRoot)
      for (const name of [".", "data", "data/token", "work", "work/kept", "elsewhere"])
        chownSync(of(name), nobody, nobody);
    chmodSync(folder, 0o755);
    await using listener = await openRuntimeSocket();
    const reach = [process.execPath, ...(listener?.reach ?? ["-e", "process.exit(1)"])];
    if (listener) expect(spawnSync(file, [...before, ...reach]).status).toBe(0);
    const script = [
      '"$@" && echo ASKED',
      `"$1" -e 0 && echo RUNS`,
      "id -u",
      `cat ${of("data/token")} && echo READ`,
      `echo x > ${of("elsewhere/planted")} && echo WROTE`,
      `echo x > ${of("work/kept")} && echo CHANGED`,
      `kill -0 ${String(process.pid)} && echo SIGNALLED`,
      `echo x > ${of("work/new")} && echo WORKED`,
    ].join("; ");
    const confinement = {
      hidden: [of("data")],
      readable: [of("elsewhere")],
      writable: [of("work")],
      kept: [of("work/kept")],
    };
    const command = confined({ file: "/bin/sh", args: ["-c", script, "sh", ...reach] }, confinement, path);
    const said = execFileSync(file, [...before, command.file, ...command.args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const user = isRoot ? nobody : process.getuid?.();
    expect(said.trim().split("\n")).toEqual(["RUNS", String(user), "WORKED"]);
    rmSync(folder, { recursive: true, force: true });
  });
});
