import { constants, watch } from "node:fs";
import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { processFileSchema } from "#lib/contract/files.ts";
import { questionIdFor } from "#lib/domain/ids.ts";
import type { Failure } from "#lib/domain/failure.ts";
import type { LiveStep, ProcessIdentity, Purpose } from "#lib/domain/run-state.ts";
import { crashPoint } from "#server/crash-point.ts";
import type { StepOutcome } from "#server/ports.ts";
import { overrunOf, restOfCouncil } from "./council-limits.ts";
import { writeJson, writeWhole } from "#server/files/write-whole.ts";
import { confinementOf } from "./confinement.ts";
import { readWhole } from "./safe-file.ts";
import { stepFolder, stepMarker } from "./places.ts";
import { sceneOf } from "./scene.ts";
import { worktreeOf, type Session } from "./session.ts";
import { judgedOrder, orderOf } from "./step-order.ts";

/** After its last `result` an agent may tidy up this long. */
const lingerMs = 10_000;
/** Should the system's word of a change be lost. */
const lookAgainMs = 2_000;
const sweepGraceMs = 1_000;
/** An agent that begins says so in its first lines. */
const beginningBytes = 256 << 10;
const longestDetail = 4000;

/** Sees one step to its end: starts its process unless that has happened, follows it, judges what it came to. */
export async function watchStep(session: Session, step: LiveStep, purpose: Purpose): Promise<void> {
  const { ports, spec } = session;
  const folder = stepFolder(session.directory, step.number);
  const exitFile = join(folder, "exit");
  const identity = step.process ?? (await findOrSpawn(session, step, purpose));
  if (identity === "missing") return;
  if (identity && identity.bootId !== ports.bootId() && !(await ports.processes.readEnd(exitFile))) {
    await session.emit({ kind: "interrupted", why: "The machine was restarted." });
    return;
  }
  const cut = identity ? await follow(session, step.number, identity) : null;
  session.signal.throwIfAborted();
  const marker = stepMarker(spec, step.number);
  await ports.processes.endTree(identity, marker, { graceMs: sweepGraceMs });
  session.signal.throwIfAborted();
  crashPoint("step:ended");
  const end = await ports.processes.readEnd(exitFile);
  const outcome = await session.agent.judge(judgedOrder(session, step.number, purpose), end);
  crashPoint("step:judged");
  if (!(await hasWorktree(session))) {
    await endWithoutWorktree(session, step, outcome);
    return;
  }
  if (await endOverrun(session, outcome)) return;
  await report(session, step, purpose, cut === "flood" ? floodOf(spec.limits.logBytes, outcome) : outcome);
}

function hasWorktree(session: Session): Promise<boolean> {
  return stat(join(worktreeOf(session).worktree, ".git")).then(
    () => true,
    () => false,
  );
}

/** Somebody took the worktree away while the agent worked in it: what was committed is still there, and is kept. */
async function endWithoutWorktree(session: Session, { number: step }: LiveStep, outcome: StepOutcome) {
  const { spec, ports } = session;
  const { root } = spec.repository;
  const head = await ports.git.resolve(root, `refs/heads/${spec.branch}`);
  const ref = head && (await ports.git.archive(root, spec.session, head, "its worktree was removed"));
  const kept = ref ? `What was committed is kept at ${ref}.` : "Its branch is gone too.";
  const detail = `${spec.worktree} was removed while the agent worked in it. ${kept}`;
  await session.emit({
    kind: "step-failed",
    step,
    costUsd: outcome.costUsd,
    failure: { reason: "worktree-missing", detail },
    agentSessionLost: false,
  });
}

/** A council's step that its limits cut short, or that used up its money, is no failure of the session: there is no verdict. */
async function endOverrun(session: Session, outcome: StepOutcome): Promise<boolean> {
  const { run, spec, ports } = session;
  const isCut = outcome.kind === "failed";
  const reason = isCut ? overrunOf(run, spec.limits.council, ports.clock.now(), outcome.costUsd) : null;
  if (reason === null) return false;
  const { worktree, base } = worktreeOf(session);
  const { head } = await ports.git.workState(worktree, base);
  await session.emit({ kind: "council-overran", reason, costUsd: outcome.costUsd, head });
  return true;
}

/**
 * The step's process. Before one is started, every place that would know of one is asked, so that no
 * crash leads to two. Null when it has come and gone, `missing` when it cannot be started.
 */
async function findOrSpawn(
  session: Session,
  step: LiveStep,
  purpose: Purpose,
): Promise<ProcessIdentity | "missing" | null> {
  const { ports, spec } = session;
  const folder = stepFolder(session.directory, step.number);
  const marker = stepMarker(spec, step.number);
  const exitFile = join(folder, "exit");
  const known = await readProcessFile(join(folder, "process.json"), marker);
  const living = await ports.processes.marked(marker);
  const found = known ?? living.toSorted(byAge)[0] ?? null;
  if (found) {
    await session.emit({ kind: "step-spawned", step: step.number, process: found });
    return found;
  }
  if (await ports.processes.readEnd(exitFile)) return null;
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

/** Resolves when the process is gone, has lingered too long, has lost its worktree, or has written too much. */
async function follow(session: Session, step: number, identity: ProcessIdentity): Promise<"flood" | null> {
  const { ports, spec, log, signal } = session;
  const folder = stepFolder(session.directory, step);
  const before = await logBytes(session, step - 1);
  const stop = new AbortController();
  const until = AbortSignal.any([signal, stop.signal]);
  let isFlood = false as boolean;
  let takeLingerBack: (() => void) | null = null;
  const rest = restOfCouncil(session.run, spec.limits.council);
  const takeLimitBack = rest
    ? ports.clock.after(Math.max(0, rest.endsAt - ports.clock.now().getTime()), () => stop.abort())
    : null;
  let wake = () => {};
  const watcher = watch(folder, () => wake());
  watcher.on("error", () => watcher.close());

  const pump = async () => {
    while (!until.aborted) {
      const rung = new Promise<void>((resolve) => (wake = resolve));
      const { bytes, ended } = await log.follow(step);
      if (bytes > 0) {
        session.touch();
        takeLingerBack?.();
        takeLingerBack = ended ? ports.clock.after(lingerMs, () => stop.abort()) : null;
      }
      if (before + (await stepBytes(folder)) > spec.limits.logBytes) {
        isFlood = true;
        stop.abort();
      }
      if (!(await hasWorktree(session))) stop.abort();
      if (bytes > 0) continue;
      const takeBack = ports.clock.after(lookAgainMs, () => wake());
      await rung;
      takeBack();
    }
  };
  const pumping = pump();
  try {
    await ports.processes.gone(identity, until).catch((error: unknown) => {
      if (!until.aborted) throw error;
    });
  } finally {
    stop.abort();
    wake();
    (takeLingerBack as (() => void) | null)?.();
    takeLimitBack?.();
    watcher.close();
    await pumping;
  }
  return isFlood ? "flood" : null;
}

async function logBytes(session: Session, steps: number): Promise<number> {
  let total = 0;
  for (let step = 1; step <= steps; step++) total += await stepBytes(stepFolder(session.directory, step));
  return total;
}

async function stepBytes(folder: string): Promise<number> {
  const sizes = ["stream.jsonl", "stderr.log"].map((name) =>
    stat(join(folder, name)).then(
      ({ size }) => size,
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

function floodOf(limit: number, { costUsd }: StepOutcome): StepOutcome {
  const failure = { reason: "log-flood", detail: `More than ${limit} bytes of output.` } as const;
  return { kind: "failed", failure, costUsd, agentSessionLost: false };
}

async function report(
  session: Session,
  live: LiveStep,
  purpose: Purpose,
  outcome: StepOutcome,
): Promise<void> {
  const { costUsd } = outcome;
  const step = live.number;
  switch (outcome.kind) {
    case "finished": {
      await keepMessage(session, step, purpose, outcome.text);
      await session.emit({ kind: "step-finished", step, costUsd, head: await headAfter(session, purpose) });
      return;
    }
    case "asked": {
      const { run, spec, ports } = session;
      const question = {
        id: questionIdFor(run.questions.length + 1),
        prompts: outcome.prompts,
        asker: { role: spec.agent.type, phase: purpose.phase, step },
        context: outcome.context,
        scene: await sceneOf(session, step),
        askedAt: ports.clock.now().toISOString(),
        toolUseId: outcome.toolUseId,
      };
      await session.emit({ kind: "step-asked", step, costUsd, question });
      return;
    }
    case "failed": {
      const isBegun = await hasBegun(session, step);
      const failure = isBegun ? outcome.failure : await diagnose(session, outcome.failure);
      const agentSessionLost =
        outcome.agentSessionLost || endsConversation(live, failure) || (live.opens && !isBegun);
      await session.emit({ kind: "step-failed", step, costUsd, failure, agentSessionLost });
    }
  }
}

/** To go on with it would meet the same refusal: what repeats a conversation and is refused, holds what is refused. */
function endsConversation({ opens }: LiveStep, { reason }: Failure): boolean {
  return reason === "prompt-too-long" || (reason === "conversation-broken" && !opens);
}

/** Whether there is a conversation to go on with: a program that ended before it said anything kept none. */
async function hasBegun({ directory, agent }: Session, step: number): Promise<boolean> {
  const path = join(stepFolder(directory, step), "stream.jsonl");
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => null);
  if (!file) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(beginningBytes), 0, beginningBytes, 0);
    const lines = buffer.toString("utf8", 0, bytesRead).split("\n");
    return lines.some((line) => agent.parse(line).some(({ kind }) => kind !== "unknown"));
  } finally {
    await file.close();
  }
}

/** A program that ends before it says anything is asked about itself: it may be too old for what it was told. */
async function diagnose({ agent, env }: Session, failure: Failure): Promise<Failure> {
  if (!["agent-crashed", "agent-no-result", "agent-missing"].includes(failure.reason)) return failure;
  const { ok, path, version, problem } = await agent.health(env);
  if (ok || problem === null) return failure;
  const reason = path === null ? "agent-missing" : version === null ? failure.reason : "agent-too-old";
  return { reason, detail: `${problem}\n${failure.detail}`.slice(0, longestDetail) };
}

/** What the agent said at the end of its work becomes the summary; what it said of a chore does not. */
async function keepMessage(session: Session, step: number, purpose: Purpose, text: string) {
  if (purpose.phase !== "implementation" || text.trim() === "") return;
  if (["tidy", "repair", "merge-base"].includes(purpose.work.kind)) return;
  await writeWhole(join(stepFolder(session.directory, step), "message.md"), text);
}

/** Only the tech lead may change the branch in a review: what it fixed and did not commit is committed. */
async function headAfter(session: Session, purpose: Purpose) {
  const { worktree, base } = worktreeOf(session);
  const { git } = session.ports;
  if (purpose.phase === "review" && purpose.part === "arbitration") {
    await git.commitAll(worktree, "Apply the tech lead's fixes", session.spec.identity);
  }
  return (await git.workState(worktree, base)).head;
}
