import { constants } from "node:fs";
import { lstat, open, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { EventLine } from "#lib/contract/files.ts";
import { eventLineSchema, keptEvents } from "#lib/contract/files.ts";
import type { RunEvent } from "#lib/domain/run-event.ts";
import { crashPoint } from "#server/crash-point.ts";
import { syncFolder, writeWhole } from "#server/files/write-whole.ts";
import { quarantine, readWhole, setAside, UntrustedFileError } from "./safe-file.ts";

const limitBytes = 256 << 20;

/** `events.jsonl` of one session: the run's truth. */
export interface Journal {
  /** Sequence number of the last event; 0 before the first. */
  readonly seq: number;
  /** Puts back what was written where somebody else has cut, added to or replaced the file; says what was wrong, or null. */
  mend(stamp: string): Promise<string | null>;
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
    const kept = await quarantine(directory, path, stamp);
    repairs.push(`${error.message} It was set aside as ${relative(directory, kept)}.`);
    return null;
  });
  const lines = readLines(text ?? "");
  const good = lines.map(spelled).join("");
  if (text !== null && text !== good && !sameLines(text, lines.length)) {
    const aside = await setAside(directory, path, stamp);
    await writeWhole(path, good);
    repairs.push(
      `events.jsonl was torn or altered after line ${lines.length}. What was there was set aside as ${placeOf(directory, aside)}.`,
    );
  }
  const kept = readLines((await readWhole(join(directory, keptEvents), limitBytes).catch(() => null)) ?? "");
  if (kept.length <= lines.length)
    return { journal: await journalAt(directory, path, lines), lines, repairs };
  if (text !== null) await setAside(directory, path, stamp);
  await writeWhole(path, kept.map(spelled).join(""));
  repairs.push(
    `events.jsonl had lost all after line ${lines.length}; it was put back as the server knew it.`,
  );
  return { journal: await journalAt(directory, path, kept), lines: kept, repairs };
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

function placeOf(directory: string, aside: string | null): string {
  return aside === null ? "nothing" : relative(directory, aside);
}

const spelled = (line: EventLine) => `${JSON.stringify(line)}\n`;

/** Another spelling of the same events is no damage. */
function sameLines(text: string, count: number) {
  return text.endsWith("\n") && text.split("\n").length - 1 === count;
}

async function journalAt(directory: string, path: string, lines: readonly EventLine[]): Promise<Journal> {
  const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW } = constants;
  const openFile = () => open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
  let file = await openFile();
  let seq = lines.at(-1)?.seq ?? 0;
  if (seq === 0) await syncFolder(directory);
  let { size } = await file.stat();
  const written = lines.map(spelled);
  /** After a failed sync the system may have dropped what it could not write, and says so only once. */
  let isDoubtful = false;
  /** Its bytes are looked at only where its size or its place in the folder is not what we left. */
  const isOurs = async () => {
    const [own, there] = await Promise.all([file.stat(), lstat(path).catch(() => null)]);
    return there?.isFile() === true && there.ino === own.ino && own.size === size;
  };
  return {
    get seq() {
      return seq;
    },
    async mend(stamp) {
      if (!isDoubtful && (await isOurs())) return null;
      const aside = isDoubtful ? null : await setAside(directory, path, stamp);
      await writeWhole(path, written.join(""));
      await file.close();
      file = await openFile();
      ({ size } = await file.stat());
      if (isDoubtful) {
        isDoubtful = false;
        return null;
      }
      return `events.jsonl was altered by somebody else. It was set aside as ${placeOf(directory, aside)} and written anew.`;
    },
    async append(event) {
      const text = `${JSON.stringify({ seq: seq + 1, event })}\n`;
      const line = Buffer.from(text);
      try {
        await writeFile(file, line);
      } catch (error) {
        await file.truncate(size).catch(() => (isDoubtful = true));
        throw error;
      }
      crashPoint("event:written");
      try {
        await file.datasync();
      } catch (error) {
        isDoubtful = true;
        throw error;
      }
      size += line.length;
      seq += 1;
      written.push(text);
      return seq;
    },
    close: () => file.close(),
  };
}
