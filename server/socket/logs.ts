import type { LogBytes, LogRef, LogWindow } from "#lib/contract/wire.ts";
import type { logRequest } from "#lib/contract/wire.ts";
import type { z } from "zod";
import type { Application } from "#server/application.ts";
import type { LogFile } from "./log-file.ts";
import { Generations, openLogFile } from "./log-file.ts";
import type { Follower } from "./log-tail.ts";
import { LogTail } from "./log-tail.ts";
import { readView } from "./log-view.ts";
import type { Redactor } from "./redact.ts";

export type ParsedLogRequest = z.output<typeof logRequest>;

/** A window that was read; `follow` goes on from its end and answers how to stop. */
export interface OpenedLog {
  readonly window: LogWindow;
  /** False where the window was cut by its limit: the rest is to be asked for first. */
  readonly reachesEnd: boolean;
  readonly follow: (follower: Follower) => () => void;
}

/** Reads and follows the logs of all sessions; each file is followed once however many watch. */
export interface Logs {
  open(request: ParsedLogRequest): Promise<OpenedLog>;
  close(): void;
}

/** `tellGroup` sends to every up-to-date follower of a group, which is a log's key, at once. */
export function createLogs(options: {
  application: Pick<Application, "logFile">;
  redactor: Redactor;
  tellGroup: (group: string, bytes: LogBytes) => void;
}): Logs {
  const { application, redactor, tellGroup } = options;
  const generations = new Generations();
  const tails = new Map<string, LogTail>();

  function tailOf(ref: LogRef, path: { file: string; directory: string }): LogTail {
    const key = logKey(ref);
    const tail = tails.get(key) ?? new LogTail({ ref, path, redactor, generations, tellGroup });
    tails.set(key, tail);
    return tail;
  }

  return {
    async open(request) {
      const ref: LogRef = { session: request.session, stream: request.stream, step: request.step };
      const path = await application.logFile(ref);
      const log = await openLogFile(path.file, path.directory);
      const { window, reachesEnd } = log ? await readWindow(log, path.file) : nothingYet;
      return {
        window,
        reachesEnd,
        follow(follower) {
          const tail = tailOf(ref, path);
          const leave = tail.join(follower, window);
          return () => {
            leave();
            if (!tail.isEmpty) return;
            tail.close();
            if (tails.get(logKey(ref)) === tail) tails.delete(logKey(ref));
          };
        },
      };

      async function readWindow({ handle }: LogFile, file: string): Promise<Omit<OpenedLog, "follow">> {
        try {
          const stats = await handle.stat({ bigint: true });
          const size = Number(stats.size);
          const generation = generations.of(file, stats);
          const from = Math.min(size, request.offset ?? Math.max(0, size - request.limit));
          const to = Math.min(size, from + request.limit);
          const reachesEnd = to === size;
          const cut = reachesEnd ? "character" : "line";
          const fromLine = request.offset === null && from > 0;
          const view = await readView(handle, redactor, { from, to, size, cut, fromLine });
          return { window: { generation, size, ...view }, reachesEnd };
        } finally {
          await handle.close();
        }
      }
    },
    close() {
      for (const tail of tails.values()) tail.close();
      tails.clear();
    },
  };
}

export function logKey({ session, stream, step }: LogRef): string {
  return `log:${session}/${step}/${stream}`;
}

/** A log that is not there yet has generation 0, which no file has. */
const nothingYet = { window: { generation: 0, offset: 0, size: 0, text: "", next: 0 }, reachesEnd: true };
