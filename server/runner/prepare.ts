import { rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { worktreeMark } from "#lib/contract/files.ts";
import { crashPoint } from "#server/crash-point.ts";
import { WorktreeBusyError } from "#server/ports.ts";
import { carryFiles } from "#server/files/carry-files.ts";
import { writeJson } from "#server/files/write-whole.ts";
import { readWhole } from "./safe-file.ts";
import { commandMarker } from "./places.ts";
import type { Session } from "./session.ts";

/** Written before the worktree is made, so that after a crash we know our own from a stranger's. */
const intentSchema = z.object({ made: z.boolean() });

/** Makes the worktree, carries files into it and runs the setup. */
export async function prepare(session: Session): Promise<void> {
  const { spec, ports } = session;
  const busy = await makeWorktree(session);
  if (busy !== null) {
    await session.emit({ kind: "failed", failure: { reason: "worktree-busy", detail: busy } });
    return;
  }
  for (const problem of await carryIntoWorktree(session))
    await session.emit({ kind: "warned", text: problem });
  for (const { name, command } of spec.setup) {
    const run = await ports.runShell({
      command,
      cwd: spec.worktree,
      env: session.env,
      marker: commandMarker(spec),
      timeLimitMs: spec.limits.commandTimeoutMs,
      signal: session.signal,
      onOutput: (text) => {
        session.log.stream(text);
        session.touch();
      },
    });
    if (run.end !== "exited" || run.exit !== 0) {
      session.signal.throwIfAborted();
      const how = run.end === "exited" ? `ended with ${run.exit ?? run.signal ?? "no exit code"}` : run.end;
      const detail = `${name} ${how}.\n${run.tail.slice(-8000)}`;
      await session.emit({ kind: "failed", failure: { reason: "setup-failed", detail } });
      return;
    }
  }
  await session.emit({ kind: "prepared", worktree: spec.worktree, base: spec.base.oid });
}

/** Null when the worktree is there and ours, else what is in its way. */
async function makeWorktree({ directory, spec, ports: { git } }: Session): Promise<string | null> {
  const { root } = spec.repository;
  const intentFile = join(directory, worktreeMark);
  const intent = await readIntent(intentFile);
  if (intent) {
    const there = (await git.worktrees(root)).find(({ path }) => path === spec.worktree);
    if (intent.made && there?.branch === spec.branch && !there.missing) return null;
    // Nobody else was here, and no agent of ours yet: what is left is half a checkout.
    if (there) await git.removeWorktree(root, spec.worktree, { force: true });
    await git.excludeWorktrees(root);
  } else {
    // Not even a branch without commits of its own is taken over: whose it is nobody can tell.
    const [taken] = await Promise.all([
      git.resolve(root, `refs/heads/${spec.branch}`),
      git.excludeWorktrees(root),
    ]);
    if (taken !== null) {
      return `There is a branch ${spec.branch} already. Rename it or delete it, then resume the session.`;
    }
    await writeJson(intentFile, { made: false });
    crashPoint("worktree:intended");
  }
  try {
    await git.addWorktree({
      repository: root,
      path: spec.worktree,
      branch: spec.branch,
      base: spec.base.oid,
    });
  } catch (error) {
    if (!(error instanceof WorktreeBusyError)) throw error;
    await rm(intentFile, { force: true });
    return error.message;
  }
  crashPoint("worktree:made");
  // A setup may take minutes that a later runner must not begin before it; all else is made anew in no time.
  if (spec.setup.length > 0) await writeJson(intentFile, { made: true });
  return null;
}

async function readIntent(path: string) {
  const text = await readWhole(path, 10_000);
  return text === null ? null : (intentSchema.safeParse(JSON.parse(text)).data ?? null);
}

/** Brings the ignored files along that the work needs; one that would be committed is taken away again. */
async function carryIntoWorktree({ spec, ports: { git } }: Session): Promise<string[]> {
  const { worktree, repository, carry: files } = spec;
  const { carried, problems } = await carryFiles({ from: repository.root, to: worktree, files });
  if (carried.length === 0) return problems;
  const { uncommitted } = await git.workState(worktree, spec.base.oid);
  for (const path of carried) {
    const shows = uncommitted.some(
      (each) => each === path || each === `${path}/` || each.startsWith(`${path}/`),
    );
    if (!shows) continue;
    await rm(join(worktree, path), { recursive: true, force: true });
    problems.push(`${path} was not carried: git does not ignore it, so it would be committed.`);
  }
  return problems;
}
