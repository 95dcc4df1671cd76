import { constants } from "node:fs";
import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { EventLine } from "#lib/contract/files.ts";
import { eventLineSchema } from "#lib/contract/files.ts";
import type { RunEvent } from "#lib/domain/run.ts";
import { quarantine, readWhole, syncFolder, UntrustedFileError, writeWhole } from "./safe-file.ts";

const limitBytes = 256 << 20;

/** `events.jsonl` of one session: the run's truth. */
export interface Journal {
  /** Sequence number of the last event; 0 before the first. */
  readonly seq: number;
  /** Resolves when the event would outlast power loss. A failed append leaves the file as it was. */
  append(event: RunEvent): Promise<number>;
  close(): Promise<void>;
}

/** `repairs` says in plain words what was wrong with the file and has been set aside. */
export interface OpenedJournal {
  readonly journal: Journal;
  readonly lines: readonly EventLine[];
  readonly repairs: readonly string[];
}

/** Opens the journal, cuts a torn end off, and keeps a copy of whatever it cannot believe in `quarantine/`. */
export async function openJournal(directory: string, stamp: string): Promise<OpenedJournal> {
  const path = join(directory, "events.jsonl");
  const repairs: string[] = [];
  const text = await readWhole(path, limitBytes).catch(async (error: unknown) => {
    if (!(error instanceof UntrustedFileError)) throw error;
    await quarantine(directory, path, stamp);
    repairs.push(`${error.message} It was set aside.`);
    return null;
  });
  const lines = readLines(text ?? "");
  const good = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  if (text !== null && text !== good && !sameLines(text, lines.length)) {
    await quarantine(directory, path, stamp);
    await writeWhole(path, good);
    repairs.push(`events.jsonl was torn or altered after line ${lines.length}. The rest was set aside.`);
  }
  return { journal: await journalAt(directory, path, lines.at(-1)?.seq ?? 0), lines, repairs };
}

/** The valid beginning: whole lines that fit the schema and count without a gap. */
function readLines(text: string): EventLine[] {
  const lines: EventLine[] = [];
  for (const each of text.split("\n").slice(0, -1)) {
    const line = parseLine(each);
    if (line?.seq !== lines.length + 1) break;
    lines.push(line);
  }
  return lines;
}

function parseLine(text: string): EventLine | null {
  try {
    return eventLineSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Another spelling of the same events is no damage. */
function sameLines(text: string, count: number) {
  return text.endsWith("\n") && text.split("\n").length - 1 === count;
}

async function journalAt(directory: string, path: string, last: number): Promise<Journal> {
  const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW } = constants;
  const file = await open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
  if (last === 0) await syncFolder(directory);
  let { size } = await file.stat();
  let seq = last;
  return {
    get seq() {
      return seq;
    },
    async append(event) {
      const line = Buffer.from(`${JSON.stringify({ seq: seq + 1, event })}\n`);
      try {
        await writeFile(file, line);
        await file.datasync();
      } catch (error) {
        await file.truncate(size).catch(() => undefined);
        throw error;
      }
      size += line.length;
      seq += 1;
      return seq;
    },
    close: () => file.close(),
  };
}
