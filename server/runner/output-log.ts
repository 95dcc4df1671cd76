import { constants } from "node:fs";
import { type FileHandle, lstat, open, rename, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { z } from "zod";
import type { EventLine } from "#lib/contract/files.ts";
import type { AgentEvent } from "#lib/domain/agent-events.ts";
import type { RunEventKind } from "#lib/domain/run-event.ts";
import type { Agent } from "#server/ports.ts";
import { renderAgentEvent, renderCommandOutput, renderRunEvent } from "./render.ts";
import { quarantine, readWhole, UntrustedFileError } from "./safe-file.ts";
import { stepFolder } from "./places.ts";

const chunkBytes = 256 << 10;
const lineLimitBytes = 8 << 20;
/** So much of what was read last is remembered, to be found again before more is read. */
const memoryBytes = 48;
const lossText = "warning: output.log was cut, removed or replaced; what it held is missing here\n";
const streamLossText =
  "warning: the agent's stream was cut, removed or replaced; what it held and was not shown is missing here\n";
/** After these nothing more comes from the step that was open. */
const endsStep = new Set<RunEventKind>([
  "step-finished",
  "step-asked",
  "step-failed",
  "failed",
  "stopped",
  "interrupted",
]);

/** How far `output.log` has come: it shows all events up to `seq`, and `offset` bytes of the stream of `step`. */
const cursorSchema = z.object({
  seq: z.number().int().min(0),
  step: z.number().int().min(0),
  offset: z.number().int().min(0),
  /** The bytes before `offset`, in base 64: where they are not there any more, somebody has changed the stream. */
  before: z.string().max(100).default(""),
  /** In the middle of a line that is too long to be shown. */
  skipping: z.boolean(),
  size: z.number().int().min(0),
});
type Cursor = z.infer<typeof cursorSchema>;

const streamStart = { offset: 0, before: "", skipping: false };

/** `bytes` were new; `isCut` where what was read before is not there any more. */
export interface Read {
  readonly bytes: number;
  readonly isCut: boolean;
}

/** `output.log`: what people tail. A crash never doubles or loses a line of it. */
export interface OutputLog {
  /** What was wrong with the file when it was opened, in plain words. */
  readonly repairs: readonly string[];
  /** Shows an event, after all that its step printed before it. Events that are shown already change nothing. */
  show(line: EventLine): Promise<void>;
  /** Shows what the step printed since, and hands on what that says. */
  follow(step: number, seen: (event: AgentEvent) => void): Promise<Read>;
  /** Output of a command as it comes; it is shown anew when the command has to be run again. */
  stream(text: string): void;
  close(): Promise<void>;
}

export async function openOutputLog(
  directory: string,
  agent: Pick<Agent, "parse">,
  stamp: string,
): Promise<OutputLog> {
  const path = join(directory, "output.log");
  const cursorPath = join(directory, "output.cursor.json");
  const repairs: string[] = [];
  const openFile = async () => {
    const { file: opened, kept } = await openAppending(directory, path, stamp);
    if (kept !== null) repairs.push(`output.log was not a file; it was set aside as ${kept}.`);
    return opened;
  };
  let file = await openFile();
  let cursor = await readCursor(cursorPath);
  const { size } = await file.stat();
  if (size > cursor.size) await file.truncate(cursor.size);
  else cursor = { ...cursor, size };
  /** What the file holds if nobody else has touched it. */
  let length = cursor.size;
  let tail: Promise<unknown> = Promise.resolve();
  let queue = <Result>(task: () => Promise<Result>): Promise<Result> => {
    const result = tail.then(task);
    tail = result.catch(() => undefined);
    return result;
  };

  /** Somebody may have cut the file, removed it or put something else in its place: a new one goes on and says so. */
  const append = async (text: string) => {
    const [own, there] = await Promise.all([file.stat(), lstat(path).catch(() => null)]);
    const isThere = there?.isFile() === true && there.ino === own.ino;
    if (!isThere) {
      await file.close();
      if (there) await quarantine(directory, path, stamp);
      file = await openFile();
    }
    const isWhole = isThere && own.size >= length;
    const words = isWhole ? text : `${lossText}${text}`;
    length = isThere ? own.size : 0;
    if (words === "") return;
    try {
      await file.appendFile(words);
    } catch (error) {
      // What a full disk took of it is written again as a whole.
      await file.truncate(length).catch(() => undefined);
      throw error;
    }
    // Not asked of the file: it may be cut before it could answer.
    length += Buffer.byteLength(words);
  };
  const write = async (text: string, next: Partial<Cursor>) => {
    await append(text);
    cursor = { ...cursor, ...next, size: length };
    await writeFile(`${cursorPath}.tmp`, JSON.stringify(cursor), { mode: 0o600 });
    await rename(`${cursorPath}.tmp`, cursorPath);
  };

  const follow = async (
    step: number,
    last: boolean,
    seen: (event: AgentEvent) => void = () => undefined,
  ): Promise<Read> => {
    if (step < cursor.step) return { bytes: 0, isCut: false };
    if (step > cursor.step) cursor = { ...cursor, step, ...streamStart };
    let bytes = 0;
    let isCut = false;
    await readStream(join(stepFolder(directory, step), "stream.jsonl"), cursor, last, async (piece) => {
      let text = piece.isCut ? streamLossText : "";
      isCut ||= piece.isCut;
      for (const line of piece.lines) {
        for (const event of agent.parse(line)) {
          text += renderAgentEvent(event);
          seen(event);
        }
      }
      if (piece.skipped) text += "  (a line of several megabytes is not shown)\n";
      bytes += piece.bytes;
      await write(text, { offset: piece.offset, before: piece.before, skipping: piece.skipping });
    });
    return { bytes, isCut };
  };

  return {
    repairs,
    show: ({ seq, event }) =>
      queue(async () => {
        if (seq <= cursor.seq) return;
        if (endsStep.has(event.kind) && cursor.step > 0) await follow(cursor.step, true);
        const next = event.kind === "step-started" ? { seq, step: event.step, ...streamStart } : { seq };
        await write(renderRunEvent(event), next);
      }),
    follow: (step, seen) => queue(() => follow(step, false, seen)),
    stream(text) {
      void queue(() => append(renderCommandOutput(text))).catch(() => undefined);
    },
    async close() {
      const closed = queue(() => file.close());
      queue = () => Promise.reject(new Error("output.log is closed."));
      await closed;
    },
  };
}

async function openAppending(directory: string, path: string, stamp: string) {
  const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  const flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK;
  try {
    const file = await open(path, flags, 0o600);
    if ((await file.stat()).isFile()) return { file, kept: null };
    await file.close();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ELOOP" && code !== "EISDIR" && code !== "ENXIO") throw error;
  }
  const kept = relative(directory, await quarantine(directory, path, stamp));
  return { file: await open(path, flags, 0o600), kept };
}

async function readCursor(path: string): Promise<Cursor> {
  const start: Cursor = { seq: 0, step: 0, ...streamStart, size: 0 };
  try {
    return cursorSchema.parse(JSON.parse((await readWhole(path, 10_000)) ?? JSON.stringify(start)));
  } catch (error) {
    if (error instanceof UntrustedFileError || error instanceof SyntaxError || error instanceof z.ZodError) {
      return start;
    }
    throw error;
  }
}

interface Piece {
  readonly lines: readonly string[];
  readonly bytes: number;
  /** Where the next line begins. */
  readonly offset: number;
  readonly before: string;
  readonly skipping: boolean;
  readonly skipped: boolean;
  /** The stream is not the one that was read so far, and is read from its beginning. */
  readonly isCut: boolean;
}

const cutPiece: Piece = { lines: [], bytes: 0, ...streamStart, skipped: false, isCut: true };

/** Reads whole lines from `offset` to the end; with `last` also a line without its end. */
async function readStream(
  path: string,
  from: { readonly offset: number; readonly before: string; readonly skipping: boolean },
  last: boolean,
  take: (piece: Piece) => Promise<void>,
) {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: unknown) => {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT" || code === "ELOOP") return null;
      throw error;
    },
  );
  if (!file) {
    if (from.offset > 0) await take(cutPiece);
    return;
  }
  try {
    let { offset, before, skipping } = from;
    let rest = Buffer.alloc(0);
    const buffer = Buffer.alloc(chunkBytes);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, chunkBytes, offset + rest.length);
      // Asked after the reading: what was read of another file is not taken for this one's.
      if (before !== "" && (await bytesBefore(file, offset)) !== before) {
        await take(cutPiece);
        ({ offset, before, skipping } = streamStart);
        rest = Buffer.alloc(0);
        continue;
      }
      if (bytesRead === 0) break;
      let bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
      const begun = offset;
      let skipped = false;
      if (skipping) {
        const end = bytes.indexOf(10);
        offset += end < 0 ? bytes.length : end + 1;
        bytes = end < 0 ? Buffer.alloc(0) : bytes.subarray(end + 1);
        skipping = end < 0;
        skipped = !skipping;
      }
      const end = bytes.lastIndexOf(10) + 1;
      const lines =
        end > 0
          ? bytes
              .subarray(0, end - 1)
              .toString("utf8")
              .split("\n")
          : [];
      offset += end;
      rest = Buffer.from(bytes.subarray(end));
      if (rest.length > lineLimitBytes) {
        offset += rest.length;
        rest = Buffer.alloc(0);
        skipping = true;
      }
      if (offset === begun) continue;
      before = await bytesBefore(file, offset);
      await take({ lines, bytes: offset - begun, offset, before, skipping, skipped, isCut: false });
    }
    if (last && rest.length > 0) {
      offset += rest.length;
      before = await bytesBefore(file, offset);
      const lines = [rest.toString("utf8")];
      await take({ lines, bytes: rest.length, offset, before, skipping, skipped: false, isCut: false });
    }
  } finally {
    await file.close();
  }
}

async function bytesBefore(file: FileHandle, offset: number): Promise<string> {
  const begin = Math.max(0, offset - memoryBytes);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(offset - begin), 0, offset - begin, begin);
  return buffer.subarray(0, bytesRead).toString("base64");
}
