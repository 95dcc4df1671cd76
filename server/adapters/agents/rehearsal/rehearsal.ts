import type { Agent } from "#server/ports.ts";
import { memoryFolder } from "./conversation.ts";
import { createClaude, type ClaudeOptions } from "../claude/claude.ts";

/**
 * The rehearsal agent: a program with the Claude CLI's command line, hooks and stream, so that the adapter
 * of the one drives the other. `command` is the built `rehearsal.js`, or a name on the agent's PATH.
 */
export function createRehearsal({ command, toolsDir }: Required<ClaudeOptions>): Agent {
  const claude = createClaude({ command, toolsDir });
  return {
    ...claude,
    name: "rehearsal",
    async prepare(step) {
      return { ...(await claude.prepare(step)), ownFolders: [memoryFolder(step.env)] };
    },
    async health(env) {
      const { ok, path, version } = await claude.health(env);
      const problem = ok ? null : `The rehearsal agent cannot be run at ${command}. Build it: npm run build`;
      return { name: "rehearsal", ok, path, version, problem };
    },
  };
}
