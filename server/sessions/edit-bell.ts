import { constants } from "node:fs";
import { open } from "node:fs/promises";
import type { AgentEvent } from "#lib/domain/agent-events.ts";
import type { SessionId } from "#lib/domain/ids.ts";

/** Rings where an agent's stream shows that it may have changed a file; a doorbell, git is asked for the truth. */
export interface EditBell {
  /** Reads what the stream has grown by since it was last heard. */
  hears(session: SessionId, stream: string): Promise<boolean>;
  forget(session: SessionId): void;
}

/** More than this at once is not read: something was done in it. */
const mostBytes = 256 * 1024;

/** Tools that change no file; any other one may. */
const readers = new Set([
  "Read",
  "Grep",
  "Glob",
  "LS",
  "NotebookRead",
  "WebFetch",
  "WebSearch",
  "TodoWrite",
  "BashOutput",
  "AskUserQuestion",
]);

interface Heard {
  readonly stream: string;
  readonly offset: number;
  /** Calls under way that may change files. */
  readonly open: Set<string>;
}

export function createEditBell(parseLine: (line: string) => readonly AgentEvent[]): EditBell {
  const heard = new Map<SessionId, Heard>();
  return {
    async hears(session, stream) {
      const known = heard.get(session);
      const before = known?.stream === stream ? known : { stream, offset: 0, open: new Set<string>() };
      const { text, next, isCut } = await readFrom(stream, before.offset);
      heard.set(session, { ...before, offset: next });
      let hasEdited = isCut;
      for (const event of text.split("\n").flatMap((line) => parseLine(line))) {
        if (event.kind === "tool" && !readers.has(event.name)) before.open.add(event.id);
        else if (event.kind === "tool-result" && before.open.delete(event.id)) hasEdited = true;
      }
      return hasEdited;
    },
    forget: (session) => void heard.delete(session),
  };
}

/** The whole lines behind `offset`. */
async function readFrom(
  path: string,
  offset: number,
): Promise<{ text: string; next: number; isCut: boolean }> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    () => null,
  );
  if (!file) return { text: "", next: offset, isCut: false };
  try {
    const facts = await file.stat();
    if (!facts.isFile() || facts.size <= offset) return { text: "", next: offset, isCut: false };
    if (facts.size - offset > mostBytes) return { text: "", next: facts.size, isCut: true };
    const bytes = Buffer.alloc(facts.size - offset);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, offset);
    const end = bytes.subarray(0, bytesRead).lastIndexOf(0x0a) + 1;
    return { text: bytes.toString("utf8", 0, end), next: offset + end, isCut: false };
  } finally {
    await file.close();
  }
}
