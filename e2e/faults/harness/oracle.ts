import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { SessionView } from "#lib/contract/wire.ts";
import { runGit } from "../../fixtures/repository.ts";
import { carries, processesOf } from "./processes.ts";
import type { World } from "./world.ts";

const read = (path: string) => readFile(path).catch(() => Buffer.alloc(0));
const lines = (text: Buffer) => text.toString("utf8").split("\n").filter(Boolean);

/**
 * Every byte that agents say they printed is in the log of their step, in order and once. Where an agent was
 * killed itself, the last one of its record may be missing: it died between record and log.
 */
export async function expectLogsWhole(
  world: World,
  sessions: readonly SessionView[],
  killed = new Set<string>(),
) {
  let bytes = 0;
  for (const { id, directory } of sessions) {
    for (const name of (await readdir(world.oracle)).filter((each) => each.startsWith(`${id}.`))) {
      const step = /\.(\d+)\.jsonl$/.exec(name)?.[1] ?? "";
      const record = await read(join(world.oracle, name));
      const log = await read(join(directory, "steps", step.padStart(3, "0"), "stream.jsonl"));
      bytes += log.length;
      if (log.equals(record)) continue;
      const where = `${id}, step ${step}: log of ${log.length} bytes, record of ${record.length}`;
      expect(killed, where).toContain(`${id}/${step}`);
      expect(record.subarray(0, log.length).equals(log), where).toBe(true);
      expect(lines(record.subarray(log.length)).length, where).toBeLessThanOrEqual(1);
    }
    await expectLogReadable(directory, id);
  }
  return bytes;
}

/** What people read has every line of the agent's talk, in order and once. */
async function expectLogReadable(directory: string, id: string) {
  const streams = await Promise.all(
    (await readdir(join(directory, "steps"))).map((step) =>
      read(join(directory, "steps", step, "stream.jsonl")),
    ),
  );
  const talked = (text: string) => [...text.matchAll(/line \d+ of session-[\w-]+\/\d+/g)].map(([all]) => all);
  const said = streams.flatMap((stream) => talked(stream.toString("utf8")));
  const shown = talked((await read(join(directory, "output.log"))).toString("utf8"));
  const differs = said.findIndex((line, index) => line !== shown[index]);
  expect(said[differs], `output.log of ${id} shows ${String(shown[differs])} in its place`).toBeUndefined();
  expect(shown.length, `lines in output.log of ${id}`).toBe(said.length);
}

/** No step of any session had more than one process of its agent. */
export async function expectStartedOnce(world: World) {
  const starts = lines(await read(join(world.oracle, "starts"))).map((line) => line.split(" ")[0]);
  const twice = starts.filter((marker, index) => starts.indexOf(marker) !== index);
  expect(twice, "steps with two processes").toEqual([]);
  return starts.length;
}

/** Every commit that an agent made can be reached from a branch, a worktree or an archive ref. */
export async function expectCommitsKept(world: World) {
  const made = lines(await read(join(world.oracle, "commits"))).map((line) => line.split(" ")[1] ?? "");
  const kept = new Set((await runGit(world.repository, "rev-list", "--all")).split("\n"));
  expect(
    made.filter((commit) => !kept.has(commit)),
    "lost commits",
  ).toEqual([]);
  return made.length;
}

/** What a person sees of the main checkout: its branch, its index and every byte of every file. */
export async function fingerprintOf(world: World): Promise<string> {
  const git = (...args: string[]) => runGit(world.repository, ...args);
  const files = (await git("ls-files", "--cached", "--others", "--exclude-standard", "-z")).split("\0");
  const hashes = await Promise.all(
    files.filter(Boolean).map(async (file) => {
      const hash = createHash("sha256").update(await read(join(world.repository, file)));
      return `${file} ${hash.digest("hex")}`;
    }),
  );
  return [
    await git("rev-parse", "--symbolic-full-name", "HEAD"),
    await git("ls-files", "--stage"),
    ...hashes,
  ].join("\n");
}

/** What the server says of each session is so: one that works has its own living agent. */
export async function expectTruthful(
  world: World,
  sessions: readonly SessionView[],
  status: SessionView["status"],
) {
  const now = (await world.read("status", {})).sessions;
  for (const { id } of sessions) {
    const view = now.find((each) => each.id === id);
    expect(view, id).toMatchObject({ id, status, evidence: { process: "alive", derived: null } });
    expect(
      carries(view?.pid ?? 0, `${id}/${view?.steps ?? 0}`),
      `${id} has process ${String(view?.pid)}`,
    ).toBe(true);
  }
}

/** After the end of these sessions nothing of theirs lives. */
export function expectNoOrphans(sessions: readonly SessionView[]) {
  expect(processesOf(sessions.map(({ id }) => id)), "processes that outlived their session").toEqual([]);
}
