import { prunedChange } from "./commands/storage.ts";
import type { Background } from "./background.ts";
import { prune } from "./prune.ts";
import type { Retention } from "./ports.ts";
import type { Room } from "./room.ts";
import { retrier } from "./session-row.ts";

const dayMs = 86_400_000;

/** Once a day, and at start: what has ended long enough ago goes, and that is told. */
export function createDailyPrune(
  room: Pick<Room, "home" | "store" | "git" | "clock" | "ledger">,
  { retention, background }: { readonly retention: Retention; readonly background: Background },
) {
  let stopped = false;
  let cancel = () => {};

  async function run(): Promise<void> {
    try {
      const change = prunedChange(await prune(room, retention, false), retrier);
      await room.ledger.write(() => Promise.resolve({ change, result: undefined }));
    } finally {
      if (!stopped) cancel = room.clock.after(dayMs, () => background.run(run()));
    }
  }

  return {
    run,
    stop() {
      stopped = true;
      cancel();
    },
  };
}
