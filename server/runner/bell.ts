/** A doorbell: rings are remembered until they are cleared, and several are one. */
export interface Bell {
  ring(): void;
  /** Forget the rings so far; done before looking at what they may have been about. */
  clear(): void;
  /** Resolves at the next ring, at once where one is remembered. */
  rung(): Promise<void>;
}

export function createBell(): Bell {
  let isRung = false;
  let waiting: { promise: Promise<void>; resolve: () => void } | null = null;
  return {
    ring() {
      isRung = true;
      waiting?.resolve();
      waiting = null;
    },
    clear: () => void (isRung = false),
    rung() {
      if (isRung) return Promise.resolve();
      if (!waiting) {
        let resolve = () => {};
        const promise = new Promise<void>((done) => (resolve = done));
        waiting = { promise, resolve };
      }
      return waiting.promise;
    },
  };
}
