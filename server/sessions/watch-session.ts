import { type FSWatcher, watch } from "node:fs";
import type { SessionId } from "#lib/domain/ids.ts";
import type { SessionRow } from "./ports.ts";

/** Watches the directories of open sessions for new events, in case the runner's word is lost. */
export interface SessionWatch {
  /** Begins where the directory is there and not watched yet; ends where the session has ended. */
  follow(row: SessionRow): void;
  stop(): void;
}

/** `changed`: the run has new events. `stirred`: its agent wrote something. */
export function createSessionWatch(
  changed: (session: SessionId) => void,
  stirred: (session: SessionId) => void,
): SessionWatch {
  const watchers = new Map<SessionId, FSWatcher>();
  const end = (session: SessionId) => {
    watchers.get(session)?.close();
    watchers.delete(session);
  };
  return {
    follow(row) {
      if (!row.open) {
        end(row.id);
        return;
      }
      if (!row.spec || watchers.has(row.id)) return;
      try {
        const watcher = watch(row.view.directory, { persistent: false }, (_event, name) => {
          if (name === "events.jsonl") changed(row.id);
          else if (name === "output.log") stirred(row.id);
        });
        watcher.on("error", () => end(row.id));
        watchers.set(row.id, watcher);
      } catch {
        // The directory is made by the effect that was decided with the session; it calls again.
      }
    },
    stop() {
      for (const session of [...watchers.keys()]) end(session);
    },
  };
}
