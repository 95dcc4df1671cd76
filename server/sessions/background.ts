/** Work that nobody waits for. */
export interface Background {
  /** Lets it run; a failure is told, once. */
  readonly run: (work: Promise<unknown>) => void;
  isIdle(): boolean;
  /** Resolves when all that runs now has ended. */
  idle(): Promise<void>;
}

/** @param onError is told of what failed; it must not throw. */
export function createBackground(onError: (error: unknown) => void): Background {
  const underWay = new Set<Promise<unknown>>();
  return {
    run(work) {
      const guarded = work.catch(onError).finally(() => underWay.delete(guarded));
      underWay.add(guarded);
    },
    isIdle: () => underWay.size === 0,
    async idle() {
      await Promise.all(underWay);
    },
  };
}
