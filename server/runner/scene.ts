import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { AgentEvent } from "#lib/domain/agent-events.ts";
import type { Scene } from "#lib/domain/question.ts";
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
    const { said, tool } = lastActivity(await readEvents(session, step));
    return {
      said: said.slice(0, longestWords),
      tool: tool?.slice(0, 300) ?? null,
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

/** The last text of the session's own agent, and the call that has no result yet. */
function lastActivity(events: readonly AgentEvent[]): { said: string; tool: string | null } {
  let said = "";
  const open = new Map<string, string>();
  for (const event of events) {
    if (event.kind === "text" && event.by.subagent === null && event.text.trim() !== "")
      said = event.text.trim();
    else if (event.kind === "tool") open.set(event.id, event.name);
    else if (event.kind === "tool-result") open.delete(event.id);
    else if (event.kind === "ended") open.clear();
  }
  return { said, tool: [...open.values()].at(-1) ?? null };
}

async function readEvents(
  { directory, agent }: Pick<Session, "directory" | "agent">,
  step: number,
): Promise<AgentEvent[]> {
  const path = join(stepFolder(directory, step), "stream.jsonl");
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    () => null,
  );
  if (!file) return [];
  try {
    const facts = await file.stat();
    if (!facts.isFile()) return [];
    const start = Math.max(0, facts.size - tailBytes);
    const bytes = Buffer.alloc(facts.size - start);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
    const lines = bytes.toString("utf8", 0, bytesRead).split("\n");
    return (start > 0 ? lines.slice(1) : lines).flatMap((line) => (line === "" ? [] : agent.parse(line)));
  } finally {
    await file.close();
  }
}
