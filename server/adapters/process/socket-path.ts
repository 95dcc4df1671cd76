import { createHash } from "node:crypto";
import { chmodSync, lstatSync, mkdirSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/** The kernel takes 108 bytes and Node cuts silently, so a long home gets a short path elsewhere. */
const limitBytes = 100;

/** Where the runner of this data folder listens; runner and server compute the same. The folder exists afterwards. */
export function runnerSocketPath(home: string): string {
  const usual = join(home, "run", "r.sock");
  const hash = createHash("sha256").update(home).digest("hex").slice(0, 16);
  const folder =
    Buffer.byteLength(usual) <= limitBytes
      ? join(home, "run")
      : join(tmpdir(), `amplify-${userInfo().uid}-${hash}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const facts = lstatSync(folder);
  if (!facts.isDirectory() || facts.uid !== userInfo().uid) {
    throw new Error(`${folder} is not a folder of our own, so no socket is put there.`);
  }
  chmodSync(folder, 0o700);
  return join(folder, "r.sock");
}
