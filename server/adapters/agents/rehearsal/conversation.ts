import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { UsageError } from "./command-line.ts";

const conversationSchema = z.object({
  id: z.string(),
  item: z.object({ id: z.string(), title: z.string() }),
  /** The item's own block, or null where it has none. */
  script: z.string().nullable(),
  /** What is being played, and how many acts of it are done. */
  section: z.enum(["work", "repair", "rework"]),
  done: z.number().int(),
  answers: z.array(z.object({ question: z.string(), answer: z.string() })),
  /** The call that waits for a person. */
  deferred: z
    .object({ id: z.string(), name: z.string(), input: z.record(z.string(), z.unknown()) })
    .nullable(),
  /** Failures that were played; each comes once. */
  failed: z.array(z.string()),
  /** Written by this conversation and not committed yet. */
  pending: z.array(z.string()),
  /** Every path that it wrote. */
  touched: z.array(z.string()),
  /** How often a council began from the start. */
  examinations: z.number().int(),
  spentUsd: z.number(),
});

/** What one agent remembers from process to process. */
export type Conversation = z.infer<typeof conversationSchema>;

type Environment = Readonly<Record<string, string | undefined>>;

/** `$HOME/.amplify-rehearsal`, or `CLAUDE_CONFIG_DIR` where that is set. */
export function memoryFolder(env: Environment): string {
  return env.CLAUDE_CONFIG_DIR ?? join(env.HOME ?? homedir(), ".amplify-rehearsal");
}

/** Lines for every item that has no block of its own, from `default.md` in the memory folder. */
export function readDefaultScript(env: Environment): string {
  return readIfThere(join(memoryFolder(env), "default.md")) ?? "";
}

/** Begins a conversation; an id that was used before is refused as the CLI refuses it. */
export function beginConversation(env: Environment, id: string): Conversation {
  const conversation: Conversation = {
    id,
    item: { id: "work", title: "Write down what was done" },
    script: null,
    section: "work",
    done: 0,
    answers: [],
    deferred: null,
    failed: [],
    pending: [],
    touched: [],
    examinations: 0,
    spentUsd: 0,
  };
  mkdirSync(memoryFolder(env), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(fileOf(env, id), JSON.stringify(conversation), { flag: "wx", mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw new UsageError(`Session ID ${id} is already in use.`);
  }
  return conversation;
}

/** Null where there is none. */
export function recallConversation(env: Environment, id: string): Conversation | null {
  const text = readIfThere(fileOf(env, id));
  return text === null ? null : conversationSchema.parse(JSON.parse(text));
}

/** Whole or not at all: the next process may begin where this one was killed. */
export function keepConversation(env: Environment, conversation: Conversation): void {
  const file = fileOf(env, conversation.id);
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, JSON.stringify(conversation), { mode: 0o600 });
  renameSync(temporary, file);
}

const fileOf = (env: Environment, id: string) => join(memoryFolder(env), `${id}.json`);

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
