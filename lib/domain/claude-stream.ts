import type { AgentEvent, AgentResult, Speaker } from "./agent-events.ts";
import { failureOf } from "./claude-failure.ts";
import { field, isRecord, listOf, numberOf, tamed, textOf } from "./untrusted-json.ts";

/** Longer lines are no conversation; they are kept as unknown without being read. */
const longestLine = 64 * 1024 * 1024;
const keptOfUnknown = 4000;
const mostTasks = 50;
const longestTaskName = 200;

/** Kinds that are known and say nothing that a transcript or a judgement needs. */
const quietKinds = new Set(["stream_event", "command_lifecycle", "keep_alive"]);

/**
 * One line of `claude -p --output-format stream-json --verbose` (read from 2.1.197 and 2.1.330).
 * Pure and total: whatever the line is, it gives events or `unknown`, and never throws.
 */
export function parseClaudeLine(line: string): AgentEvent[] {
  if (line.trim() === "") return [];
  const event = line.length > longestLine ? null : parsed(line);
  if (!isRecord(event)) return [unknown(line)];
  switch (event.type) {
    case "system":
      return systemEvents(event);
    case "assistant":
      return listOf(field(event.message, "content")).flatMap((block) => saidBlock(block, speakerOf(event)));
    case "user":
      return listOf(field(event.message, "content")).flatMap((block) => resultBlock(block, event));
    case "tool_progress":
      return [
        {
          kind: "heartbeat",
          id: textOf(event.parent_tool_use_id) || textOf(event.tool_use_id),
          elapsedMs: (numberOf(event.elapsed_time_seconds) ?? 0) * 1000,
        },
      ];
    case "rate_limit_event":
      return limitEvents(event.rate_limit_info);
    case "result":
      return [{ kind: "ended", result: resultOf(event) }];
    default:
      return quietKinds.has(textOf(event.type)) ? [] : [unknown(line)];
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function unknown(line: string): AgentEvent {
  return { kind: "unknown", line: line.slice(0, keptOfUnknown) };
}

function taskName(task: unknown): string {
  const kind = textOf(field(task, "subagent_type")) || textOf(field(task, "task_type"));
  const name = [kind, textOf(field(task, "description"))].filter(Boolean).join(": ");
  return (name || textOf(field(task, "task_id")) || "a task").slice(0, longestTaskName);
}

/** Versions add system events all the time; those that we have no use for are passed over. */
function systemEvents(event: Readonly<Record<string, unknown>>): AgentEvent[] {
  switch (event.subtype) {
    case "init":
      return [
        {
          kind: "started",
          agentSession: textOf(event.session_id),
          model: textOf(event.model),
          version: textOf(event.claude_code_version),
        },
      ];
    case "api_retry":
      return [
        {
          kind: "retry",
          attempt: numberOf(event.attempt) ?? 0,
          of: numberOf(event.max_retries) ?? 0,
          delayMs: numberOf(event.retry_delay_ms) ?? 0,
          error: [event.error_status, event.error].map(plain).filter(Boolean).join(" "),
        },
      ];
    case "permission_denied":
      return [{ kind: "denied", tool: textOf(event.tool_name), reason: textOf(event.message) }];
    case "model_fallback":
      return [{ kind: "notice", text: textOf(event.content) || "Switched to another model." }];
    case "background_tasks_changed":
      return [{ kind: "background", tasks: listOf(event.tasks).slice(0, mostTasks).map(taskName) }];
    case "compact_boundary":
      return [{ kind: "notice", text: "The conversation was shortened to go on." }];
    default:
      return [];
  }
}

/** Written also where nothing is near its limit; only a rejection stands in the way. */
function limitEvents(info: unknown): AgentEvent[] {
  const seconds = numberOf(field(info, "resetsAt"));
  if (field(info, "status") !== "rejected" || seconds === null) return [];
  const until = new Date(seconds * 1000);
  return Number.isNaN(until.getTime()) ? [] : [{ kind: "limited", until: until.toISOString() }];
}

function plain(value: unknown): string {
  return typeof value === "number" ? String(value) : textOf(value);
}

function speakerOf(event: Readonly<Record<string, unknown>>): Speaker {
  const parent = textOf(event.parent_tool_use_id) || null;
  return { subagent: textOf(event.subagent_type) || (parent ? "subagent" : null), parent };
}

function saidBlock(block: unknown, by: Speaker): AgentEvent[] {
  if (!isRecord(block)) return [];
  switch (block.type) {
    case "text":
      return [{ kind: "text", text: textOf(block.text), by }];
    case "thinking":
      return [{ kind: "thinking", text: textOf(block.thinking), by }];
    case "tool_use":
      return [
        { kind: "tool", id: textOf(block.id), name: textOf(block.name), input: tamed(block.input), by },
      ];
    default:
      return [];
  }
}

function resultBlock(block: unknown, event: Readonly<Record<string, unknown>>): AgentEvent[] {
  if (!isRecord(block) || block.type !== "tool_result") return [];
  const text =
    typeof block.content === "string"
      ? block.content
      : listOf(block.content)
          .map((part) => textOf(field(part, "text")))
          .filter(Boolean)
          .join("\n");
  const handBack = handBackOf(event.tool_use_result);
  return [
    {
      kind: "tool-result",
      id: textOf(block.tool_use_id),
      text,
      failed: block.is_error === true,
      by: speakerOf(event),
      ...(handBack ? { handBack } : {}),
    },
  ];
}

/** What a subagent said last, without the program's own notes around it. */
function handBackOf(result: unknown): { agent: string; message: string } | null {
  const agent = textOf(field(result, "agentId"));
  if (agent === "" || field(result, "status") !== "completed") return null;
  const blocks = listOf(field(result, "content"));
  const [before, after] = ["harnessNoteCount", "harnessTailCount"].map(
    (name) => numberOf(field(result, name)) ?? 0,
  ) as [number, number];
  const own = blocks.slice(before, blocks.length - after);
  return { agent, message: own.map((block) => textOf(field(block, "text"))).join("\n") };
}

function resultOf(event: Readonly<Record<string, unknown>>): AgentResult {
  const failure = failureOf(event);
  const deferred = event.deferred_tool_use;
  return {
    ok: failure === null,
    terminal: textOf(event.terminal_reason) || textOf(event.subtype),
    text: textOf(event.result) || listOf(event.errors).map(textOf).filter(Boolean).join("\n"),
    structured: event.structured_output === undefined ? undefined : tamed(event.structured_output),
    turns: numberOf(event.num_turns) ?? 0,
    costUsd: numberOf(event.total_cost_usd),
    costSinceLastUsd: costOf(event.model_usage_since_last_result),
    deferred: isRecord(deferred)
      ? { id: textOf(deferred.id), name: textOf(deferred.name), input: tamed(deferred.input) }
      : null,
    failure,
  };
}

/** Sums the models of one usage record; null where the version does not write one. */
function costOf(usage: unknown): number | null {
  if (!isRecord(usage)) return null;
  return Object.values(usage).reduce<number>(
    (sum, model) => sum + (numberOf(field(model, "costUSD")) ?? 0),
    0,
  );
}
