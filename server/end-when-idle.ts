import type { Clock } from "./ports.ts";

const idleLimitMs = 30 * 60_000;
const idleCheckMs = 60_000;

/**
 * Ends what nobody uses: looks now and then, and answers how to stop looking. `isBusy` says whether anything
 * goes on, `lastAskedAt` when somebody last asked for something, in ms since the epoch.
 */
export function endWhenIdle(deps: {
  readonly clock: Clock;
  isBusy(): Promise<boolean>;
  lastAskedAt(): number;
  end(why: string): Promise<void>;
  readonly onError: (error: unknown) => void;
}): () => void {
  const { clock } = deps;
  let busyAt = clock.now().getTime();
  let isOver = false;
  let cancel = () => {};
  async function look(): Promise<void> {
    const now = clock.now().getTime();
    if (await deps.isBusy()) busyAt = now;
    if (now - Math.max(busyAt, deps.lastAskedAt()) >= idleLimitMs) await deps.end("Idle for 30 minutes.");
  }
  function lookLater(): void {
    cancel = clock.after(idleCheckMs, () => {
      look()
        .catch(deps.onError)
        .finally(() => {
          if (!isOver) lookLater();
        });
    });
  }
  lookLater();
  return () => {
    isOver = true;
    cancel();
  };
}
