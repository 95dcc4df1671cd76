import type { LogBytes, LogRequest, LogWindow } from "#lib/contract/wire.ts";

/** What a reader of a log is told, in order: every byte once, `gap` where the file was replaced. */
export type LogChunk =
  | { readonly kind: "text"; readonly offset: number; readonly next: number; readonly text: string }
  | { readonly kind: "gap" };

interface LogTailOptions {
  /** Where to begin; null for the last `limit` bytes. */
  readonly offset: number | null;
  readonly limit: number;
  readonly open: (place: Pick<LogRequest, "offset" | "limit" | "follow">) => Promise<LogWindow>;
  readonly onChunk: (chunk: LogChunk) => void;
  readonly onError: (error: unknown) => void;
}

/**
 * Follows one log from an offset on. Whatever connection, server or push is lost on the way, it asks
 * again from the byte that it holds last, so the text it hands on is the file's.
 */
export class LogTail {
  readonly #options: LogTailOptions;
  #next: number | null;
  #generation: number | null = null;
  #round = 0;
  #opening = false;
  #closed = false;
  #held: LogBytes[] = [];

  constructor(options: LogTailOptions) {
    this.#options = options;
    this.#next = options.offset;
  }

  /** To be called once, and again on every reconnection. */
  async open(): Promise<void> {
    const round = ++this.#round;
    this.#opening = true;
    this.#held = [];
    try {
      for (;;) {
        const window = await this.#options.open({
          offset: this.#next,
          limit: this.#options.limit,
          follow: true,
        });
        if (round !== this.#round || this.#closed) return;
        const stuck = window.next === this.#next;
        this.#receive(window);
        // A replaced file sends the reader back to its beginning.
        const wasTaken = this.#next === window.next;
        if (wasTaken && (window.next >= window.size || stuck)) break;
      }
      const held = this.#held;
      this.#held = [];
      this.#opening = false;
      for (const bytes of held) this.take(bytes);
    } catch (error) {
      if (round === this.#round && !this.#closed) this.#options.onError(error);
    } finally {
      if (round === this.#round) this.#opening = false;
    }
  }

  /** Bytes that the server pushed for this log. */
  take(bytes: LogBytes): void {
    if (this.#closed) return;
    if (this.#opening) {
      this.#held.push(bytes);
      return;
    }
    if (bytes.generation !== this.#generation || bytes.offset !== this.#next) {
      const isOld = bytes.generation === this.#generation && this.#next !== null && bytes.next <= this.#next;
      if (!isOld) void this.open();
      return;
    }
    this.#receive(bytes);
  }

  close(): void {
    this.#closed = true;
  }

  #receive({ generation, offset, next, text }: Omit<LogBytes, "session" | "stream" | "step">): void {
    // Generation 0 is a file that is not there yet: what comes then replaces nothing.
    const replaced = this.#generation !== null && this.#generation !== 0 && generation !== this.#generation;
    this.#generation = generation;
    if (replaced) {
      this.#options.onChunk({ kind: "gap" });
      // The new file is read from its first byte; what came may be from its middle.
      if (offset !== 0) {
        this.#next = 0;
        if (!this.#opening) void this.open();
        return;
      }
    }
    this.#next = next;
    if (text !== "") this.#options.onChunk({ kind: "text", offset, next, text });
  }
}
