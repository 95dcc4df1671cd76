import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { parseClaudeLine } from "#lib/domain/claude-stream.ts";
import type { Prompt } from "#lib/domain/question.ts";
import type { Role } from "#lib/domain/review.ts";
import { readReport } from "../report.ts";
import type { Ask } from "./ask.ts";
import { answeredInput, askTool, nativeAskTool, readAsk } from "./ask.ts";
import type { DeliveredAnswer } from "./step-files.ts";
import { allRoles, readIfThere, roleFile, stepFiles } from "./step-files.ts";
import { createRollCall, keepLastMessage, reportsIn } from "./reports.ts";

/** What a hook is told on its standard input; only what we read. */
export interface HookInput {
  readonly hook_event_name?: unknown;
  readonly tool_name?: unknown;
  readonly tool_input?: unknown;
  readonly tool_use_id?: unknown;
  /** Present inside a subagent. */
  readonly agent_id?: unknown;
  readonly agent_type?: unknown;
  readonly last_assistant_message?: unknown;
  /** The subagent goes on because of an earlier word of this hook. */
  readonly stop_hook_active?: unknown;
}

type Permission = "allow" | "deny" | "defer";

/** What the hook prints; null prints nothing and leaves the CLI to itself. */
export type HookOutput =
  | {
      readonly hookSpecificOutput: {
        readonly hookEventName: "PreToolUse";
        readonly permissionDecision: Permission;
        readonly permissionDecisionReason?: string;
        readonly updatedInput?: Record<string, unknown>;
      };
    }
  | { readonly decision: "block"; readonly reason: string }
  | null;

/** Decides one call of the hook, by the step's folder alone. */
export function decide(stepDir: string, input: HookInput): HookOutput {
  if (input.hook_event_name === "SubagentStop") return subagentStopped(stepDir, input);
  if (input.hook_event_name !== "PreToolUse") return null;
  switch (input.tool_name) {
    case askTool:
    case nativeAskTool:
      return asked(stepDir, input.tool_name, input);
    case "Agent":
    case "Task":
      return subagentCalled(stepDir, input);
    default:
      return null;
  }
}

function asked(stepDir: string, tool: string, input: HookInput): HookOutput {
  const id = typeof input.tool_use_id === "string" ? input.tool_use_id : "";
  const toolInput = recordOf(input.tool_input);
  const answer = JSON.parse(readIfThere(join(stepDir, stepFiles.answer)) ?? "null") as DeliveredAnswer | null;
  const ask = readAsk(tool, toolInput);
  if (answer && (answer.toolUseId === id || isSameAsk(ask, answer))) {
    return permit("allow", { updatedInput: answeredInput(tool, toolInput, answer) });
  }
  if (input.agent_id !== undefined) {
    return permit("deny", {
      permissionDecisionReason:
        "A subagent cannot ask a person. Say in your last message what you need to know and why; the agent that called you will ask.",
    });
  }
  if ("problem" in ask) {
    return permit("deny", {
      permissionDecisionReason: `The question cannot be shown (${ask.problem}). Ask again in the shape that the tool describes.`,
    });
  }
  if (!takeSlot(stepDir, id)) {
    return permit("deny", {
      permissionDecisionReason:
        "Another question is waiting for a person already. Do not ask this one now: end your turn, and ask it after the answer has come if it still matters.",
    });
  }
  return permit("defer");
}

/** An older CLI lets the model ask again before it hears the answer; nobody is asked twice for that. */
function isSameAsk(ask: Ask, { prompts }: DeliveredAnswer): boolean {
  const textsOf = (all: readonly Prompt[]) => JSON.stringify(all.map(({ text }) => text));
  return "prompts" in ask && textsOf(ask.prompts) === textsOf(prompts);
}

/** True for the one call that gets the slot, and for that same call again. */
function takeSlot(stepDir: string, id: string): boolean {
  const file = join(stepDir, stepFiles.openQuestion);
  try {
    const handle = openSync(file, "wx", 0o600);
    writeSync(handle, id);
    closeSync(handle);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return readIfThere(file) === id;
  }
}

function subagentCalled(stepDir: string, input: HookInput): HookOutput {
  const toolInput = recordOf(input.tool_input);
  const prompts = new Map(allRoles.map((role) => [role, readIfThere(join(stepDir, roleFile(role)))]));
  const callable = allRoles.filter((role) => prompts.get(role) != null);
  const role = callable.find((each) => each === toolInput.subagent_type);
  if (input.agent_id !== undefined || !role) {
    return permit("deny", {
      permissionDecisionReason: `In this step only the lead may call subagents, and only these: ${callable.join(", ")}.`,
    });
  }
  if (reportsIn(handBacksSoFar(stepDir), [role]).length > 0) {
    return permit("deny", {
      permissionDecisionReason: `The ${role} has reported in this step already. Go on with that report.`,
    });
  }
  return permit("allow", {
    // The council's independence: a role reads the runner's order, never the author's words.
    updatedInput: { ...toolInput, prompt: prompts.get(role), run_in_background: false },
  });
}

function handBacksSoFar(stepDir: string) {
  const rollCall = createRollCall();
  const stream = readIfThere(join(stepDir, stepFiles.stream)) ?? "";
  for (const event of stream.split("\n").flatMap(parseClaudeLine)) rollCall.take(event);
  return rollCall.handBacks;
}

function subagentStopped(stepDir: string, input: HookInput): HookOutput {
  const role = roleOf(stepDir, input.agent_type);
  if (!role || typeof input.last_assistant_message !== "string") return null;
  const agent = typeof input.agent_id === "string" ? input.agent_id : "";
  const message = input.last_assistant_message;
  const told = keepLastMessage(stepDir, { role, agent, message }) || input.stop_hook_active === true;
  const read = readReport(message, role);
  if ("report" in read || told) return null;
  return {
    decision: "block",
    reason: `Your last message is not the report that was ordered: ${read.problem}. Answer once more, with nothing but the report as JSON in the shape of your order.`,
  };
}

function roleOf(stepDir: string, type: unknown): Role | null {
  const role = allRoles.find((each) => each === type);
  return role && readIfThere(join(stepDir, roleFile(role))) !== null ? role : null;
}

function permit(
  permissionDecision: Permission,
  more: { permissionDecisionReason?: string; updatedInput?: Record<string, unknown> } = {},
): HookOutput {
  return { hookSpecificOutput: { hookEventName: "PreToolUse", permissionDecision, ...more } };
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
