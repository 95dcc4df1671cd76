import { join } from "node:path";
import { activityOf } from "#lib/domain/agent-activity.ts";
import type { AgentEvent } from "#lib/domain/agent-events.ts";
import type { Scene } from "#lib/domain/question.ts";
import { readTail } from "#server/files/read-tail.ts";
import { stepFolder } from "./places.ts";
import { worktreeOf, type Session } from "./session.ts";

/** Where the agent's last words are looked for. */
const tailBytes = 256 << 10;
const longestWords = 4000;
const mostFiles = 50;

/**
 * What was going on when a question was asked: the agent's last words, its open tool, and what the branch changes
 * by then. Undefined where it cannot be found out; no question waits for that.
 */
export async function sceneOf(
  session: Pick<Session, "directory" | "agent" | "ports" | "run" | "spec">,
  step: number,
): Promise<Scene | undefined> {
  try {
    const { worktree, base } = worktreeOf(session);
    const { git } = session.ports;
    const { head, uncommitted } = await git.workState(worktree, base);
    const files = await git.changes(session.spec.repository.root, base, head);
    const sum = (pick: (file: (typeof files)[number]) => number | null) =>
      files.reduce((total, file) => total + (pick(file) ?? 0), 0);
    const { said, call } = activityOf(await lastEvents(session, step));
    return {
      said: said.slice(0, longestWords),
      tool: call?.name.slice(0, 300) ?? null,
      files: files.slice(0, mostFiles).map(({ path }) => path.slice(0, 4096)),
      changes: {
        files: files.length,
        added: sum(({ added }) => added),
        removed: sum(({ removed }) => removed),
      },
      uncommitted: uncommitted.slice(0, mostFiles).map((path) => path.slice(0, 4096)),
    };
  } catch (error) {
    console.error(`${session.spec.session}: what was going on at a question is not known:`, error);
    return undefined;
  }
}

/** What the step's stream ends with. */
export async function lastEvents(
  { directory, agent }: Pick<Session, "directory" | "agent">,
  step: number,
): Promise<AgentEvent[]> {
  const lines = await readTail(join(stepFolder(directory, step), "stream.jsonl"), tailBytes);
  return lines.flatMap((line) => (line === "" ? [] : agent.parse(line)));
}
