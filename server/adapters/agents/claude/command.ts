import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { AgentCommand, RoleOrder, StepOrder } from "#server/ports.ts";
import { answerAsText, askTool, nativeAskTool, permitTool, serverName } from "./ask.ts";
import { needsAnswerAsPrompt } from "./older-versions.ts";
import { reportsFolder } from "./reports.ts";
import type { DeliveredAnswer } from "./step-files.ts";
import { roleFile, stepFiles, writeWhole } from "./step-files.ts";

/** The kernel takes 128 KiB for one argument; beyond this the prompt goes through standard input. */
const longestArgument = 100_000;

export interface Program {
  readonly command: string;
  /** Where `hook.js` and `ask-mcp.js` are. */
  readonly toolsDir: string;
}

/** Writes the step's files and says what to spawn. */
export async function prepareStep(program: Program, order: StepOrder): Promise<AgentCommand> {
  const prompt = await promptOf(order);
  const long = prompt !== null && Buffer.byteLength(prompt) > longestArgument;
  const stdinFile = long ? join(order.stepDir, stepFiles.stdin) : null;
  if (stdinFile !== null && prompt !== null) writeWhole(stdinFile, prompt);
  writeFiles(program, order);
  return {
    file: program.command,
    args: [
      "--dangerously-skip-permissions",
      // The prompt follows at once: some later flags take every word up to the next flag.
      "-p",
      ...(prompt === null || long ? [] : [prompt]),
      ...["--output-format", "stream-json", "--verbose"],
      order.mode === "start" ? "--session-id" : "--resume",
      order.agentSession,
      ...["--settings", join(order.stepDir, stepFiles.settings)],
      ...["--mcp-config", join(order.stepDir, stepFiles.mcp), "--strict-mcp-config"],
      ...["--setting-sources", "user", "--add-dir", order.worktree],
      ...["--permission-prompt-tool", permitTool],
      ...(order.roles.length > 0 ? ["--agents", JSON.stringify(agentsOf(order.roles))] : []),
      ...(order.schema ? ["--json-schema", JSON.stringify(order.schema)] : []),
      ...(order.model === null ? [] : ["--model", order.model]),
      ...(order.budgetUsd === null ? [] : ["--max-budget-usd", String(order.budgetUsd)]),
      ...(order.maxTurns === null ? [] : ["--max-turns", String(order.maxTurns)]),
    ],
    env: { ...order.env, ...ownVariables(order) },
    stdinFile,
    ownFolders: ownFolders(order.env),
  };
}

/** Conversations and login. With `CLAUDE_CONFIG_DIR` everything is in there; without it, one file lies beside the folder. */
function ownFolders(env: StepOrder["env"]): string[] {
  const folder =
    env["CLAUDE_CONFIG_DIR"] ?? (env["HOME"] === undefined ? null : join(env["HOME"], ".claude"));
  return folder === null ? [] : [folder];
}

function ownVariables(order: StepOrder): Record<string, string> {
  return {
    AMPLIFY_SESSION_DIR: order.sessionDir,
    // Root is refused without this word that it is meant.
    ...(process.getuid?.() === 0 ? { IS_SANDBOX: "1" } : {}),
    CLAUDE_CODE_ADDITIONAL_DIRECTORIES_CLAUDE_MD: "1",
    CLAUDE_CODE_DISABLE_AUTO_MEMORY: "1",
    CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: "1",
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS: "1",
    DISABLE_AUTOUPDATER: "1",
  };
}

async function promptOf(order: StepOrder): Promise<string | null> {
  if (order.mode !== "answer") return sayable(order.prompt ?? "");
  if (!order.answer || !(await needsAnswerAsPrompt(order))) return null;
  return `Your question was answered by a person; go on with the work.\n\n${answerAsText(order.answer)}`;
}

/** A leading dash would be a flag and a leading slash a command of the CLI; no argument can hold a NUL. */
function sayable(prompt: string): string {
  const text = prompt.replaceAll("\0", "");
  return /^\s*[-/]/.test(text) ? `Your order:\n\n${text}` : text;
}

function writeFiles({ toolsDir }: Program, order: StepOrder): void {
  const write = (file: string, content: string) =>
    writeWhole(join(order.stepDir, file), content, { passing: true });
  const json = (file: string, value: unknown) => write(file, `${JSON.stringify(value, null, 2)}\n`);
  const hook = {
    type: "command",
    command: [process.execPath, join(toolsDir, "hook.js"), order.stepDir].map(quoted).join(" "),
    timeout: 60,
  };
  const council = order.roles.length > 0;
  json(stepFiles.settings, {
    hooks: {
      PreToolUse: [
        { matcher: `${askTool}|${nativeAskTool}`, hooks: [hook] },
        ...(council ? [{ matcher: "Agent|Task", hooks: [hook] }] : []),
      ],
      ...(council ? { SubagentStop: [{ hooks: [hook] }] } : {}),
    },
  });
  json(stepFiles.mcp, {
    mcpServers: {
      [serverName]: {
        type: "stdio",
        command: process.execPath,
        args: [join(toolsDir, "ask-mcp.js")],
        // Else the model sees the tool's name only and has to search for the rest.
        alwaysLoad: true,
      },
    },
  });
  if (order.answer) json(stepFiles.answer, order.answer satisfies DeliveredAnswer);
  if (!council) return;
  for (const folder of ["roles", reportsFolder])
    mkdirSync(join(order.stepDir, folder), { recursive: true, mode: 0o700 });
  for (const { role, prompt: text } of order.roles) write(roleFile(role), text);
}

/** The hook's command is the one string that a shell reads: the CLI gives it to `sh`. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function agentsOf(roles: readonly RoleOrder[]): Record<string, unknown> {
  return Object.fromEntries(
    roles.map(({ role, description, mayEdit, model }) => [
      role,
      {
        description,
        prompt:
          `You are the ${role} of a review council that examines one change in this worktree. ` +
          "Judge by what you read and run yourself. Your last message is nothing but your report as JSON, " +
          "in the shape that your order describes.",
        tools: ["Bash", "Read", "Grep", "Glob", ...(mayEdit ? ["Edit", "Write"] : [])],
        ...(model === null ? {} : { model }),
      },
    ]),
  );
}
