import { randomUUID } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Choice, Prompt } from "#lib/domain/question.ts";
import type { Role } from "#lib/domain/review.ts";

/**
 * The adapter's own files in a step's folder, through which the program that orders a step, the hook
 * and the MCP server speak with each other. Each has one writer.
 */
export const stepFiles = {
  /** Taken by the hook with O_EXCL: the step's one question. */
  openQuestion: "open-question",
  /** Written before a step that delivers an answer. */
  answer: "answer.json",
  settings: "settings.json",
  mcp: "mcp.json",
  /** A prompt that is too long for an argument. */
  stdin: "stdin.md",
  stream: "stream.jsonl",
  stderr: "stderr.log",
} as const;

export const allRoles: readonly Role[] = ["implementer", "peer-reviewer", "tech-lead"];

/** `answer.json` */
export interface DeliveredAnswer {
  readonly toolUseId: string;
  readonly prompts: readonly Prompt[];
  readonly choices: readonly Choice[];
}

export const roleFile = (role: Role) => join("roles", `${role}.md`);

/** Whole or not at all, and on the disk when it returns; a `passing` file is made anew for whoever starts the step again. */
export function writeWhole(file: string, content: string, { passing = false } = {}): void {
  const temporary = `${file}.${randomUUID()}`;
  const handle = openSync(temporary, "wx", 0o600);
  try {
    writeFileSync(handle, content);
    if (!passing) fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(temporary, file);
}

export function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

export function listIfThere(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
