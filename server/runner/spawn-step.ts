import { join } from "node:path";
import { processFileSchema } from "#lib/contract/files.ts";
import type { LiveStep, ProcessIdentity, Purpose } from "#lib/domain/run-state.ts";
import { crashPoint } from "#server/crash-point.ts";
import { writeJson } from "#server/files/write-whole.ts";
import { confinementOf } from "./confinement.ts";
import { stepFolder, stepMarker } from "./places.ts";
import { readWhole } from "./safe-file.ts";
import type { Session } from "./session.ts";
import { orderOf } from "./step-order.ts";

/**
 * The step's process. Before one is started, every place that would know of one is asked, so that no
 * crash leads to two. Null when it has come and gone, `missing` when it cannot be started.
 */
export async function findOrSpawn(
  session: Session,
  step: LiveStep,
  purpose: Purpose,
): Promise<ProcessIdentity | "missing" | null> {
  const { ports, spec } = session;
  const folder = stepFolder(session.directory, step.number);
  const marker = stepMarker(spec, step.number);
  const exitFile = join(folder, "exit");
  // Of a step that this very runner has begun and not tried to start yet nobody else can know.
  if (!session.untried.delete(step.number)) {
    const known = await readProcessFile(join(folder, "process.json"), marker);
    const living = await ports.processes.marked(marker);
    const found = known ?? living.toSorted(byAge)[0] ?? null;
    if (found) {
      await session.emit({ kind: "step-spawned", step: step.number, process: found });
      return found;
    }
    if (await ports.processes.readEnd(exitFile)) return null;
  }
  const order = await orderOf(session, step, purpose);
  const { ownFolders, ...command } = await session.agent.prepare(order);
  const confinement = await confinementOf(session, { number: step.number, ownFolders });
  session.signal.throwIfAborted();
  let spawned: ProcessIdentity;
  try {
    spawned = await ports.processes.spawn({
      ...command,
      cwd: order.worktree,
      marker,
      confinement,
      stdoutFile: join(folder, "stream.jsonl"),
      stderrFile: join(folder, "stderr.log"),
      exitFile,
    });
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "ProgramNotFoundError") throw error;
    const failure = { reason: "agent-missing", detail: error.message } as const;
    await session.emit({
      kind: "step-failed",
      step: step.number,
      costUsd: 0,
      failure,
      agentSessionLost: step.opens,
    });
    return "missing";
  }
  crashPoint("step:spawned");
  await writeJson(join(folder, "process.json"), {
    process: spawned,
    marker,
    spawnedAt: ports.clock.now().toISOString(),
  });
  crashPoint("step:noted");
  await session.emit({ kind: "step-spawned", step: step.number, process: spawned });
  return spawned;
}

function byAge(a: ProcessIdentity, b: ProcessIdentity) {
  return Number(a.startTicks) - Number(b.startTicks) || a.pid - b.pid;
}

async function readProcessFile(path: string, marker: string): Promise<ProcessIdentity | null> {
  try {
    const text = await readWhole(path, 10_000);
    const file = text === null ? null : processFileSchema.parse(JSON.parse(text));
    return file?.marker === marker ? file.process : null;
  } catch {
    // Ours are written whole; anything else says nothing, and the marker is asked instead.
    return null;
  }
}
