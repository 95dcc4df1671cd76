import { open } from "node:fs/promises";
import { join } from "node:path";
import type { AgentResult } from "#lib/domain/agent-events.ts";
import { resetTimeIn } from "#lib/domain/claude-failure.ts";
import type { FailureReason } from "#lib/domain/failure.ts";
import type { ProcessEnd, StepOrder, StepOutcome } from "#server/ports.ts";
import { readAsk } from "./ask.ts";
import { attendanceIn, createRollCall, reportsIn, type HandBack } from "./reports.ts";
import { stepFiles } from "./step-files.ts";
import { eventsOf } from "./stream-lines.ts";

type Judged = Pick<StepOrder, "stepDir" | "roles" | "schema">;

/** Of what a program said about its own failure. */
const longestDetail = 2000;

interface StreamEnd {
  /** The last result, and null where the agent was at work again after it. */
  readonly result: AgentResult | null;
  /**
   * What the CLI's own results add up to. A killed run writes no result, so its spend is 0 here:
   * the stream has no prices, and the transcript's tokens cannot be turned into money without them.
   */
  readonly costUsd: number;
  readonly lastRetry: string;
  /** When the account's limit ends, where the stream named that. */
  readonly limitedUntil: string | null;
  readonly handBacks: readonly HandBack[];
}

/** What a step came to; to be called when no process of it lives any more. */
export async function judgeStep(order: Judged, end: ProcessEnd | null): Promise<StepOutcome> {
  const { result, costUsd, lastRetry, limitedUntil, handBacks } = await readStream(
    join(order.stepDir, stepFiles.stream),
  );
  const stderr = await tailOf(join(order.stepDir, stepFiles.stderr));
  const isLost = /No conversation found/i.test(`${result?.text ?? ""}\n${stderr}`);
  const failed = (reason: FailureReason, detail: string): StepOutcome => ({
    kind: "failed",
    failure: {
      reason,
      detail: detail.trim().slice(0, longestDetail),
      ...(reason === "rate-limited" ? { until: limitedUntil ?? resetTimeIn(detail) ?? undefined } : {}),
    },
    costUsd,
    agentSessionLost: isLost,
  });

  if (isLost && !result?.ok) return failed("conversation-broken", result?.text || stderr);
  if (!result) {
    const { reason, detail } = withoutResult(end, stderr, lastRetry);
    return failed(reason, detail);
  }
  if (result.failure) return failed(result.failure, result.text || result.terminal);
  if (result.deferred) {
    const { id, name, input } = result.deferred;
    const ask = readAsk(name, input);
    if ("problem" in ask) return failed("agent-crashed", `It asked something unreadable: ${ask.problem}`);
    return { kind: "asked", toolUseId: id, prompts: ask.prompts, context: ask.context, costUsd };
  }
  const roles = order.roles.map(({ role }) => role);
  return {
    kind: "finished",
    text: result.text,
    // A council whose lead never handed in a verdict ends well for the CLI; the caller counts it as none.
    structured: order.schema ? result.structured : undefined,
    reports: reportsIn(handBacks, roles),
    attended: attendanceIn(handBacks, roles),
    costUsd,
  };
}

/** The last result stands whatever the exit code is: it is written when all the work is done. */
async function readStream(file: string): Promise<StreamEnd> {
  let result: AgentResult | null = null;
  let lastRetry = "";
  let limitedUntil: string | null = null;
  const results: AgentResult[] = [];
  const rollCall = createRollCall();
  for await (const event of eventsOf(file)) {
    rollCall.take(event);
    if (event.kind === "ended") {
      result = event.result;
      results.push(event.result);
    } else if (event.kind === "text" || event.kind === "tool" || event.kind === "started") {
      result = null;
    } else if (event.kind === "retry") {
      lastRetry = event.error;
    } else if (event.kind === "limited") {
      limitedUntil = event.until;
    }
  }
  const { handBacks } = rollCall;
  return { result, costUsd: costOf(results), lastRetry, limitedUntil, handBacks };
}

/** Newer versions say the exact difference with each result; in older ones the last total is this process's. */
function costOf(results: readonly AgentResult[]): number {
  const since = results.map(({ costSinceLastUsd }) => costSinceLastUsd);
  return since.every((cost) => cost !== null)
    ? since.reduce((sum, cost) => sum + cost, 0)
    : (results.at(-1)?.costUsd ?? 0);
}

function withoutResult(
  end: ProcessEnd | null,
  stderr: string,
  lastRetry: string,
): { reason: FailureReason; detail: string } {
  if (end === null) return { reason: "agent-killed", detail: "It is gone and left no exit code." };
  // A shell reports a signal as 128 and its number.
  const signal =
    end.signal ?? (end.exit !== null && end.exit > 128 ? `signal ${String(end.exit - 128)}` : null);
  if (signal !== null) {
    return {
      reason: "agent-killed",
      detail: [signal, lastRetry && `last retry: ${lastRetry}`].filter(Boolean).join("; "),
    };
  }
  if (end.exit === 127 || end.exit === 126) return { reason: "agent-missing", detail: stderr };
  if (end.exit === 0) return { reason: "agent-no-result", detail: "agent gave no result" };
  return { reason: "agent-crashed", detail: stderr || `It ended with exit code ${String(end.exit)}.` };
}

async function tailOf(file: string, bytes = longestDetail): Promise<string> {
  const handle = await open(file, "r").catch(() => null);
  if (!handle) return "";
  try {
    const { size } = await handle.stat();
    const buffer = Buffer.alloc(Math.min(size, bytes));
    await handle.read(buffer, 0, buffer.length, Math.max(0, size - bytes));
    return buffer.toString("utf8");
  } finally {
    await handle.close();
  }
}
