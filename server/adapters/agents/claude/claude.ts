import { parseClaudeLine } from "#lib/domain/claude-stream.ts";
import type { Agent } from "#server/ports.ts";
import { prepareStep } from "./command.ts";
import { checkHealth } from "./health.ts";
import { judgeStep } from "./judge.ts";

export interface ClaudeOptions {
  /** A path, or a name on the agent's PATH. */
  readonly command?: string;
  /** The absolute folder that holds the built `hook.js` and `ask-mcp.js`. */
  readonly toolsDir: string;
}

/** Claude Code as an agent: one process of the CLI a step, its stream and our hooks as the only ties. */
export function createClaude({ command = "claude", toolsDir }: ClaudeOptions): Agent {
  return {
    name: "claude",
    capabilities: { defer: true, schema: true, subagents: true, budget: true, cost: true },
    health: (env) => checkHealth(command, env),
    prepare: (order) => prepareStep({ command, toolsDir }, order),
    parse: parseClaudeLine,
    judge: judgeStep,
  };
}
