import { constants, createWriteStream } from "node:fs";
import { mkdir, open, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { finished } from "node:stream/promises";
import { gateLogName } from "#lib/contract/files.ts";

/** A gate that prints more than this is cut; what it came to is known all the same. */
const mostBytes = 64 * 1024 * 1024;

/** One file for each run of the gate: what the commands print, as it comes. */
export interface GateLog {
  readonly number: number;
  readonly write: (text: string) => void;
  close(): Promise<void>;
}

/** Begins the next log in the session's directory. Throws where the file cannot be made. */
export async function openGateLog(directory: string): Promise<GateLog> {
  const folder = dirname(join(directory, gateLogName(1)));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const taken = (await readdir(folder)).map((name) => Number.parseInt(name, 10)).filter(Number.isInteger);
  const number = Math.max(0, ...taken) + 1;
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND;
  const handle = await open(join(directory, gateLogName(number)), flags | constants.O_NOFOLLOW, 0o600);
  const stream = createWriteStream("", { fd: handle });
  const closed = finished(stream);
  // A full disk must not end the server; the gate's result does not hang on its log.
  closed.catch(() => undefined);
  let written = 0;
  return {
    number,
    write(text) {
      if (written > mostBytes || stream.destroyed) return;
      written += Buffer.byteLength(text);
      stream.write(written > mostBytes ? "\n(The rest was left out: the gate prints too much.)\n" : text);
    },
    async close() {
      stream.end();
      await closed.catch(() => undefined);
    },
  };
}
