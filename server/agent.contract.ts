import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseAgentSessionId } from "#lib/domain/ids.ts";
import type { Agent, AgentCommand, ProcessEnd, RoleOrder, StepOrder, StepOutcome } from "./ports.ts";

/**
 * What the model behind an agent does from now on:
 * - `finish` says `Done` and ends;
 * - `ask` asks {@link question} once, and ends with a text that holds the answer it was given;
 * - `council` calls every role of the step, which all approve, and hands in {@link verdictSchema};
 * - `hang` never answers.
 */
export type Plot = "finish" | "ask" | "council" | "hang";

export interface AgentSubject {
  readonly agent: Agent;
  /** All that the agent's process gets. */
  readonly env: Readonly<Record<string, string>>;
  readonly sessionDir: string;
  readonly worktree: string;
  /** For `hang`, resolves when the agent hangs; else at once. */
  play(plot: Plot): Promise<void>;
  close(): Promise<void>;
}

export const question = {
  text: "Which colour should the banner have?",
  header: "Colour",
  options: [
    { label: "Red", description: "Loud" },
    { label: "Blue", description: "Calm" },
  ],
  multiple: false,
};

export const verdictSchema = {
  type: "object",
  properties: {
    roles: {
      type: "array",
      items: {
        type: "object",
        properties: {
          role: { type: "string", enum: ["implementer", "peer-reviewer"] },
          verdict: { type: "string", enum: ["approve", "changes"] },
        },
        required: ["role", "verdict"],
      },
    },
  },
  required: ["roles"],
};

export const councilRoles: readonly RoleOrder[] = (["implementer", "peer-reviewer"] as const).map((role) => ({
  role,
  description: `Speaks as the ${role}`,
  prompt: `Order for the ${role}: look at the last commit and report as JSON.`,
  mayEdit: false,
  model: null,
}));

/** A step's order with everything that a test does not care about; makes the step's folder. */
export function stepOrder(subject: AgentSubject, fields: Partial<StepOrder>): StepOrder {
  const step = fields.step ?? 1;
  const stepDir = join(subject.sessionDir, "steps", String(step).padStart(3, "0"));
  mkdirSync(stepDir, { recursive: true });
  return {
    session: "session-bd-1-abc123",
    step,
    stepDir,
    sessionDir: subject.sessionDir,
    worktree: subject.worktree,
    agentSession: parseAgentSessionId(randomUUID()),
    mode: "start",
    prompt: fields.mode === "answer" ? null : "Do the work.",
    answer: null,
    model: null,
    budgetUsd: null,
    maxTurns: null,
    roles: [],
    schema: null,
    env: subject.env,
    ...fields,
  };
}

/** Runs a prepared step as the runner does: detached, its output in files. */
export function startStep(order: StepOrder, command: AgentCommand) {
  const stdout = openSync(join(order.stepDir, "stream.jsonl"), "a");
  const stderr = openSync(join(order.stepDir, "stderr.log"), "a");
  const stdin = command.stdinFile === null ? "ignore" : openSync(command.stdinFile, "r");
  const child = spawn(command.file, [...command.args], {
    cwd: order.worktree,
    env: command.env,
    stdio: [stdin, stdout, stderr],
    detached: true,
  });
  for (const handle of [stdout, stderr, stdin]) if (typeof handle === "number") closeSync(handle);
  const end = new Promise<ProcessEnd>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (exit, signal) => resolve({ exit, signal }));
  });
  return { end, kill: (signal: NodeJS.Signals) => child.kill(signal) };
}

export async function runStep({ agent }: AgentSubject, order: StepOrder): Promise<StepOutcome> {
  const end = await startStep(order, await agent.prepare(order)).end;
  return agent.judge(order, end);
}

/** The promises of the {@link Agent} port, which every adapter and every stand-in keeps. */
export function agentContract(name: string, makeSubject: () => Promise<AgentSubject>): void {
  describe(`agent contract: ${name}`, () => {
    let subject: AgentSubject;
    beforeEach(async () => {
      subject = await makeSubject();
    });
    afterEach(() => subject.close());

    test("[A20] a healthy agent says where it is and which version", async () => {
      const health = await subject.agent.health(subject.env);
      expect(health).toMatchObject({ name: subject.agent.name, ok: true });
      expect(health.version).toMatch(/^\d+\.\d+/);
    });

    test("[A21] a started step finishes with the agent's words, and every line of it is understood", async () => {
      await subject.play("finish");
      const order = stepOrder(subject, {});
      const outcome = await runStep(subject, order);
      expect(outcome).toMatchObject({ kind: "finished", reports: [] });
      expect(outcome.kind === "finished" && outcome.text).toContain("Done");
      expect(outcome.costUsd).toBeGreaterThanOrEqual(0);
      const events = readFileSync(join(order.stepDir, "stream.jsonl"), "utf8")
        .split("\n")
        .flatMap((line) => subject.agent.parse(line));
      expect(events.filter(({ kind }) => kind === "unknown")).toEqual([]);
      expect(events).toContainEqual(
        expect.objectContaining({ kind: "started", agentSession: order.agentSession }),
      );
      expect(events.at(-1)?.kind).toBe("ended");
    });

    test("[A22] preparing a step twice gives the same command and the same files", async () => {
      const order = stepOrder(subject, { roles: councilRoles, schema: verdictSchema });
      const first = await subject.agent.prepare(order);
      expect(await subject.agent.prepare(order)).toEqual(first);
    });

    test("[A23] a prompt larger than an argument may be arrives all the same", async () => {
      await subject.play("finish");
      const order = stepOrder(subject, { prompt: `Do the work. ${"x".repeat(200_000)}` });
      expect(await runStep(subject, order)).toMatchObject({ kind: "finished" });
    });

    test("[A24] a question ends the process, and its answer, given to a new process, reaches the model", async () => {
      await subject.play("ask");
      const asking = stepOrder(subject, {});
      const asked = await runStep(subject, asking);
      expect(asked).toMatchObject({ kind: "asked", prompts: [question] });
      if (asked.kind !== "asked") return;
      const answering = stepOrder(subject, {
        step: 2,
        mode: "answer",
        agentSession: asking.agentSession,
        answer: {
          toolUseId: asked.toolUseId,
          prompts: asked.prompts,
          choices: [{ labels: ["Blue"], text: "but a dark one" }],
        },
      });
      const finished = await runStep(subject, answering);
      expect(finished).toMatchObject({ kind: "finished" });
      expect(finished.kind === "finished" && finished.text).toContain("Blue, but a dark one");
    });

    test("[A25] a council's roles report themselves, and the lead hands in what the schema asks for", async () => {
      await subject.play("finish");
      const work = stepOrder(subject, {});
      await runStep(subject, work);
      await subject.play("council");
      const order = stepOrder(subject, {
        step: 2,
        mode: "resume",
        agentSession: work.agentSession,
        prompt: "Hold the council: call the implementer and the peer-reviewer.",
        roles: councilRoles,
        schema: verdictSchema,
      });
      const outcome = await runStep(subject, order);
      expect(outcome).toMatchObject({
        kind: "finished",
        structured: {
          roles: [
            { role: "implementer", verdict: "approve" },
            { role: "peer-reviewer", verdict: "approve" },
          ],
        },
      });
      const reports = outcome.kind === "finished" ? outcome.reports : [];
      expect(reports.map(({ role, verdict }) => [role, verdict])).toEqual([
        ["implementer", "approve"],
        ["peer-reviewer", "approve"],
      ]);
    });

    test("[A26] an agent that a signal ended has failed as killed", async () => {
      const hangs = subject.play("hang");
      const order = stepOrder(subject, {});
      const running = startStep(order, await subject.agent.prepare(order));
      await hangs;
      running.kill("SIGKILL");
      const outcome = await subject.agent.judge(order, await running.end);
      expect(outcome).toMatchObject({ kind: "failed", failure: { reason: "agent-killed" } });
    });

    test("[A27] resuming a conversation that does not exist says that it is lost", async () => {
      await subject.play("finish");
      const outcome = await runStep(subject, stepOrder(subject, { mode: "resume" }));
      expect(outcome).toMatchObject({ kind: "failed", agentSessionLost: true });
    });

    test("[A28] words without a stream and exit code 0 are no result", async () => {
      const order = stepOrder(subject, {});
      writeFileSync(join(order.stepDir, "stream.jsonl"), "All done, boss.\n");
      expect(await subject.agent.judge(order, { exit: 0, signal: null })).toMatchObject({
        kind: "failed",
        failure: { reason: "agent-no-result" },
      });
    });

    test("[A29] nothing at all is no result either, and an unknown end counts as killed", async () => {
      const order = stepOrder(subject, {});
      expect(await subject.agent.judge(order, { exit: 0, signal: null })).toMatchObject({
        failure: { reason: "agent-no-result" },
      });
      expect(await subject.agent.judge(order, null)).toMatchObject({ failure: { reason: "agent-killed" } });
      expect(await subject.agent.judge(order, { exit: 127, signal: null })).toMatchObject({
        failure: { reason: "agent-missing" },
      });
    });

    test("[A30] judging the same files twice gives the same outcome", async () => {
      await subject.play("finish");
      const order = stepOrder(subject, {});
      const outcome = await runStep(subject, order);
      const before = await readFile(join(order.stepDir, "stream.jsonl"), "utf8");
      expect(await subject.agent.judge(order, { exit: 0, signal: null })).toEqual(outcome);
      expect(await readFile(join(order.stepDir, "stream.jsonl"), "utf8")).toBe(before);
    });
  });
}
