import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { z } from "zod";

/** Whose stream and command line this program speaks. */
export const spokenVersion = "2.1.330";

/** What the Claude CLI would be told, as far as it means something here. */
export interface CommandLine {
  readonly version: boolean;
  readonly session: string;
  readonly resumes: boolean;
  /** Empty where the call that waits has to be repeated. */
  readonly prompt: string;
  readonly settings: unknown;
  readonly mcpServers: Readonly<Record<string, McpServer>>;
  /** The subagents that may be called, in order. */
  readonly subagents: readonly string[];
  readonly schema: Readonly<Record<string, unknown>> | null;
  readonly model: string;
  readonly budgetUsd: number | null;
  readonly maxTurns: number | null;
}

export interface McpServer {
  readonly command: string;
  readonly args: readonly string[];
}

/** Said on stderr; the program ends with exit code 1, as the CLI does. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const mcpConfig = z.object({
  mcpServers: z.record(z.string(), z.object({ command: z.string(), args: z.array(z.string()).default([]) })),
});

export function readCommandLine(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): CommandLine {
  const { values, positionals } = parsed(args);
  const session = values.resume ?? values["session-id"] ?? "";
  if (!values.version) {
    if (!values.print || values["output-format"] !== "stream-json" || !values.verbose)
      throw new UsageError("Only -p --output-format stream-json --verbose is spoken here.");
    if (!uuid.test(session)) throw new UsageError("--session-id or --resume has to be a UUID.");
    if (values["dangerously-skip-permissions"] && process.getuid?.() === 0 && env.IS_SANDBOX !== "1")
      throw new UsageError(
        "--dangerously-skip-permissions cannot be used with root/sudo privileges for security reasons",
      );
  }
  const schema = values["json-schema"];
  return {
    version: values.version === true,
    session,
    resumes: values.resume !== undefined,
    prompt: values.version ? "" : (positionals[0] ?? (process.stdin.isTTY ? "" : readFileSync(0, "utf8"))),
    settings: values.settings === undefined ? {} : jsonOf(values.settings),
    mcpServers:
      values["mcp-config"] === undefined ? {} : mcpConfig.parse(jsonOf(values["mcp-config"])).mcpServers,
    subagents:
      values.agents === undefined
        ? []
        : Object.keys(z.record(z.string(), z.unknown()).parse(jsonOf(values.agents))),
    schema: schema === undefined ? null : z.record(z.string(), z.unknown()).parse(JSON.parse(schema)),
    model: values.model ?? "rehearsal",
    budgetUsd: numberOf(values["max-budget-usd"]),
    maxTurns: numberOf(values["max-turns"]),
  };
}

function parsed(args: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        version: { type: "boolean", short: "v" },
        print: { type: "boolean", short: "p" },
        verbose: flag,
        "dangerously-skip-permissions": flag,
        "strict-mcp-config": flag,
        "output-format": text,
        "session-id": text,
        resume: text,
        settings: text,
        "mcp-config": text,
        "setting-sources": text,
        "add-dir": text,
        "permission-prompt-tool": text,
        agents: text,
        "json-schema": text,
        model: text,
        "max-budget-usd": text,
        "max-turns": text,
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** JSON, or the path of a file of it. */
function jsonOf(value: string): unknown {
  return JSON.parse(value.trimStart().startsWith("{") ? value : readFileSync(value, "utf8"));
}

function numberOf(value: string | undefined): number | null {
  if (value === undefined) return null;
  const number = Number(value);
  if (!(number > 0)) throw new UsageError(`${value} is not a positive number.`);
  return number;
}
