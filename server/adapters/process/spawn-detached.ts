import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, openSync, rmSync } from "node:fs";
import type { Processes } from "#server/ports.ts";
import { confined } from "./confine.ts";
import { findProgram } from "./find-program.ts";
import { markerVariable } from "./process-table.ts";

export type SpawnOrder = Parameters<Processes["spawn"]>[0];

/**
 * Keeps the program's exit code in a file, whoever still lives to see it. The traps let the wrapper
 * outlive a signal to the group; unlike ignoring the signals, they are not inherited by the program.
 */
const wrapper = `trap : HUP INT TERM; at=$1; shift
"$@"; echo $? > "$at.tmp" && command -p mv "$at.tmp" "$at"`;

/**
 * Starts the program as the leader of its own session and group. It writes into the files itself and
 * holds no pipe to us, so our death costs it nothing and us not one byte.
 */
export async function spawnDetached(order: SpawnOrder): Promise<ChildProcess> {
  const path = order.env["PATH"] ?? "";
  const plain = { file: findProgram(order.file, path), args: order.args };
  const { file, args } = order.confinement ? confined(plain, order.confinement, path) : plain;
  rmSync(order.exitFile, { force: true });
  const opened: number[] = [];
  const open = (path: string, flags: number) => {
    const descriptor = openSync(path, flags | constants.O_NOFOLLOW, 0o600);
    opened.push(descriptor);
    return descriptor;
  };
  const env: Record<string, string> = { ...order.env, [markerVariable]: order.marker };
  const append = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT;
  try {
    const child = spawn("/bin/sh", ["-c", wrapper, "amplify-step", order.exitFile, file, ...args], {
      cwd: order.cwd,
      env: env,
      detached: true,
      stdio: [
        order.stdinFile === null ? "ignore" : open(order.stdinFile, constants.O_RDONLY),
        open(order.stdoutFile, append),
        open(order.stderrFile, append),
      ],
    });
    if (child.pid === undefined) await notStarted(child, order.cwd);
    child.unref();
    return child;
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
}

/** Node blames the program for a folder that is not there, so say both. */
async function notStarted(child: ChildProcess, cwd: string) {
  await once(child, "spawn").catch((cause: unknown) => {
    throw new Error(`No process could be started in ${cwd}.`, { cause });
  });
}
