#!/usr/bin/env node
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The launcher: only what is in `dist/`, which it builds where it is missing, as after an install without scripts. */
const program = new URL("../dist/cli.js", import.meta.url);

if (!existsSync(program)) {
  const build = fileURLToPath(new URL("./build.js", import.meta.url));
  const { status } = spawnSync(process.execPath, [build], { stdio: ["ignore", 2, 2] });
  if (status !== 0) {
    console.error("Amplify could not be built. Run `npm install` in its folder.");
    process.exit(1);
  }
}
await import(program.href);
