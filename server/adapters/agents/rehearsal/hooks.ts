import { spawn } from "node:child_process";
import { z } from "zod";

const hookSchema = z.object({
  type: z.literal("command"),
  command: z.string(),
  timeout: z.number().default(60),
});
const settingsSchema = z.object({
  hooks: z
    .record(z.string(), z.array(z.object({ matcher: z.string().optional(), hooks: z.array(hookSchema) })))
    .default({}),
});
const outputSchema = z.object({
  decision: z.string().optional(),
  reason: z.string().optional(),
  hookSpecificOutput: z
    .object({
      permissionDecision: z.enum(["allow", "deny", "ask", "defer"]).optional(),
      permissionDecisionReason: z.string().optional(),
      updatedInput: z.record(z.string(), z.unknown()).optional(),
    })
    .optional(),
});

export type Permission =
  | { readonly decision: "allow"; readonly input: Record<string, unknown> }
  | { readonly decision: "defer" }
  | { readonly decision: "deny"; readonly reason: string };

export interface Call {
  readonly id: string;
  readonly name: string;
  readonly input: Record<string, unknown>;
  /** The subagent that calls. */
  readonly agent?: { readonly id: string; readonly type: string };
}

/** The hooks of `--settings`, run as the CLI runs them: by a shell, told JSON on their standard input. */
export interface Hooks {
  beforeTool(call: Call): Promise<Permission>;
  /** What a subagent is told to go on with, or null when it may end. */
  afterSubagent(end: { id: string; type: string; message: string; again: boolean }): Promise<string | null>;
}

export function createHooks(settings: unknown, facts: { session: string; cwd: string }): Hooks {
  const { hooks } = settingsSchema.parse(settings);
  const shared = {
    session_id: facts.session,
    transcript_path: "",
    cwd: facts.cwd,
    permission_mode: "bypassPermissions",
  };
  const runAll = async (event: string, subject: string, input: object) => {
    const matching = (hooks[event] ?? []).filter(
      ({ matcher }) => matcher === undefined || new RegExp(`^(?:${matcher})$`).test(subject),
    );
    return Promise.all(
      matching
        .flatMap((group) => group.hooks)
        .map((hook) => runHook(hook, JSON.stringify({ ...shared, hook_event_name: event, ...input }))),
    );
  };
  return {
    async beforeTool({ id, name, input, agent }) {
      const outcomes = await runAll("PreToolUse", name, {
        tool_name: name,
        tool_input: input,
        tool_use_id: id,
        ...(agent ? { agent_id: agent.id, agent_type: agent.type } : {}),
      });
      return permissionOf(outcomes, input);
    },
    async afterSubagent({ id, type, message, again }) {
      const outcomes = await runAll("SubagentStop", type, {
        agent_id: id,
        agent_type: type,
        last_assistant_message: message,
        stop_hook_active: again,
      });
      for (const outcome of outcomes) {
        if ("blocked" in outcome) return outcome.blocked;
        if (outcome.said?.decision === "block") return outcome.said.reason ?? "Go on.";
      }
      return null;
    },
  };
}

type Outcome = { readonly blocked: string } | { readonly said: z.infer<typeof outputSchema> | null };

/** The strictest word counts: deny before defer before allow. */
function permissionOf(outcomes: readonly Outcome[], input: Record<string, unknown>): Permission {
  const said = outcomes.flatMap((outcome) =>
    "said" in outcome ? (outcome.said?.hookSpecificOutput ?? []) : [],
  );
  const blocked = outcomes.find((outcome) => "blocked" in outcome);
  if (blocked) return { decision: "deny", reason: blocked.blocked };
  const denied = said.find(({ permissionDecision }) => permissionDecision === "deny");
  if (denied) return { decision: "deny", reason: denied.permissionDecisionReason ?? "Denied by a hook." };
  if (said.some(({ permissionDecision }) => permissionDecision === "defer")) return { decision: "defer" };
  return { decision: "allow", input: said.find(({ updatedInput }) => updatedInput)?.updatedInput ?? input };
}

/** Exit code 2 blocks, with stderr as the reason; any other failure lets the call pass, as in the CLI. */
function runHook(hook: z.infer<typeof hookSchema>, input: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn("sh", ["-c", hook.command], { timeout: hook.timeout * 1000 });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.once("error", () => resolve({ said: null }));
    child.once("close", (code) =>
      resolve(code === 2 ? { blocked: stderr.trim() } : { said: code === 0 ? saidIn(stdout) : null }),
    );
    // A hook that does not read its input closes the pipe.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

function saidIn(stdout: string): z.infer<typeof outputSchema> | null {
  try {
    return outputSchema.safeParse(JSON.parse(stdout)).data ?? null;
  } catch {
    return null;
  }
}
