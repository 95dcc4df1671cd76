import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { eventLineSchema } from "#lib/contract/files.ts";
import type { RunEvent } from "#lib/domain/run-event.ts";
import { isUnreadable } from "./inbox.ts";
import { stepFolder } from "./places.ts";
import { readWhole } from "./safe-file.ts";
import { worktreeOf, type Session } from "./session.ts";

/** What was done and said before a conversation that begins in the middle of the work, from our own files and git. */
export interface Past {
  /** Subjects of the branch's commits, newest first, and how many there are. */
  readonly commits: readonly string[];
  readonly ahead: number;
  readonly uncommitted: readonly string[];
  /** What the agent said at the end of its last steps, oldest first. */
  readonly messages: readonly { readonly step: number; readonly text: string }[];
  /** What people told the agent, oldest first. */
  readonly words: readonly { readonly by: string; readonly text: string }[];
}

const mostCommits = 50;
const mostFiles = 50;
const mostMessages = 3;
const mostWords = 20;
const longestText = 4000;
const longestHistory = 256 << 20;

export async function pastOf(session: Session): Promise<Past> {
  const { directory, ports } = session;
  const { worktree, base } = worktreeOf(session);
  const { head, ahead, uncommitted } = await ports.git.workState(worktree, base);
  const commits = await ports.git.commits(worktree, base, head, mostCommits);
  return {
    commits: commits.map(({ subject }) => subject.slice(0, 200)),
    ahead,
    uncommitted: uncommitted.slice(0, mostFiles),
    messages: (await lastMessages(directory, mostMessages)).map(({ step, text }) => ({
      step,
      text: text.trim().slice(0, longestText),
    })),
    words: (await wordsOf(directory)).slice(-mostWords),
  };
}

/** The last messages of the newest steps that did the work itself, oldest first. */
export async function lastMessages(directory: string, most: number): Promise<Past["messages"]> {
  const names = await readdir(join(directory, "steps"));
  const steps = names.filter((name) => /^\d{3,}$/.test(name)).map(Number);
  const messages: { step: number; text: string }[] = [];
  for (const step of steps.toSorted((a, b) => b - a)) {
    if (messages.length === most) break;
    const text = await readTold(join(stepFolder(directory, step), "message.md"), 4 << 20);
    if (text !== null) messages.unshift({ step, text });
  }
  return messages;
}

async function wordsOf(directory: string): Promise<Past["words"]> {
  const text = (await readTold(join(directory, "events.jsonl"), longestHistory)) ?? "";
  return text
    .split("\n")
    .flatMap((line) => eventLineSchema.safeParse(parsed(line)).data ?? [])
    .map(({ event }) => wordsIn(event))
    .filter((each) => each.text.trim() !== "")
    .map(({ by, text: said }) => ({ by, text: said.trim().slice(0, longestText) }));
}

/** What cannot be believed tells nothing. */
async function readTold(path: string, limitBytes: number): Promise<string | null> {
  try {
    return await readWhole(path, limitBytes);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return null;
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function wordsIn(event: RunEvent): { by: string; text: string } {
  switch (event.kind) {
    case "noted":
      return { by: event.by, text: event.text };
    case "resumed":
    case "rework-started":
      return { by: event.by, text: event.note };
    default:
      return { by: "", text: "" };
  }
}
