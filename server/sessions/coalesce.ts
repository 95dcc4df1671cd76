/**
 * Makes calls of `work` join: one that comes while it runs makes it run once more, and resolves when that
 * run, which saw everything that the caller saw, has ended.
 */
export function coalesce(work: () => Promise<void>): () => Promise<void> {
  let calls = 0;
  let running: Promise<void> | null = null;

  async function run() {
    try {
      let seen = -1;
      while (seen !== calls) {
        seen = calls;
        await work();
      }
    } finally {
      // In the same turn as the last look at `calls`, so that no call falls in between.
      running = null;
    }
  }

  return () => {
    calls += 1;
    running ??= run();
    return running;
  };
}
