import type { InboxEntry } from "#lib/contract/files.ts";
import type { Clock } from "../ports.ts";
import type { Intake } from "./intake.ts";
import type { SessionStore } from "./ports.ts";
import type { RunnerLink } from "./runner-link.ts";
import { mendInbox } from "./session-files.ts";

/** A runner reads an entry within a moment; one that lies unread this long may have been taken away. */
const unreadMs = 30_000;

/** Sees to it that what was written into an inbox is still there until the runner has read it. */
export interface UnreadMail {
  /** Writes again what is not there any more, and rings; goes on until all is read. */
  look(): Promise<void>;
  /** Something was written: it is looked for after a while. */
  watch(): void;
  stop(): void;
}

export function createUnreadMail(deps: {
  store: Pick<SessionStore, "open" | "inboxOf">;
  intake: Pick<Intake, "runOf">;
  runner: Pick<RunnerLink, "ring">;
  clock: Clock;
  background(work: Promise<unknown>): void;
}): UnreadMail {
  const { store, intake, runner, clock } = deps;
  let cancel: (() => void) | null = null;
  let stopped = false;

  async function look() {
    let isAny = false;
    for (const row of await store.open(null)) {
      if (!row.spec) continue;
      const { handled } = await intake.runOf(row);
      if (row.inbox <= handled) continue;
      isAny = true;
      const { directory } = row.view;
      for (const { intent, doneAt } of await store.inboxOf(row.id)) {
        if (intent.kind !== "inbox" || doneAt === null) continue;
        const entry = intent.entry as InboxEntry;
        if (entry.number > handled) await mendInbox(directory, entry);
      }
      runner.ring(directory);
    }
    if (isAny) watch();
  }

  function watch() {
    if (stopped) return;
    cancel ??= clock.after(unreadMs, () => {
      cancel = null;
      deps.background(look());
    });
  }

  return {
    look,
    watch,
    stop() {
      stopped = true;
      cancel?.();
    },
  };
}
