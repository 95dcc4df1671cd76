import fc from "fast-check";
import { expect, test } from "vitest";
import type { LogBytes, LogWindow } from "#lib/contract/wire.ts";
import { parseSessionId } from "#lib/domain/ids.ts";
import type { LogChunk } from "./log-tail.ts";
import { LogTail } from "./log-tail.ts";

const ref = { session: parseSessionId("session-bd-1-abc123"), stream: "output" as const, step: 0 };

/** A file on a server, ASCII so that characters are bytes. */
class LogFile {
  text = "";
  generation = 1;

  window(offset: number | null, limit: number): LogWindow {
    const start = offset ?? Math.max(0, this.text.length - limit);
    const text = this.text.slice(start, start + limit);
    return {
      generation: this.generation,
      offset: start,
      size: this.text.length,
      text,
      next: start + text.length,
    };
  }

  push(text: string): LogBytes {
    const offset = this.text.length;
    this.text += text;
    return { ...ref, generation: this.generation, offset, text, next: this.text.length };
  }
}

function follow(file: LogFile, options: { offset: number | null; limit: number }) {
  const chunks: LogChunk[] = [];
  const tail = new LogTail({
    ...options,
    open: ({ offset, limit = options.limit }) => Promise.resolve(file.window(offset, limit)),
    onChunk: (chunk) => chunks.push(chunk),
    onError: (error) => expect.unreachable(String(error)),
  });
  const text = () => chunks.map((chunk) => (chunk.kind === "text" ? chunk.text : "|")).join("");
  return { tail, chunks, text };
}

const settled = () => new Promise(setImmediate);

test("[U4] whatever pushes are lost, doubled or late, the text is the file's", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          text: fc.string({ minLength: 1, maxLength: 20, unit: "grapheme-ascii" }),
          push: fc.constantFrom("fine", "lost", "twice"),
          reconnects: fc.boolean(),
        }),
        { maxLength: 30 },
      ),
      fc.integer({ min: 1, max: 64 }),
      async (story, limit) => {
        const file = new LogFile();
        const { tail, text } = follow(file, { offset: 0, limit });
        await tail.open();
        for (const { text: line, push, reconnects } of story) {
          const bytes = file.push(line);
          const reopened = reconnects ? tail.open() : null;
          if (push !== "lost") tail.take(bytes);
          if (push === "twice") tail.take(bytes);
          await reopened;
          await settled();
        }
        await tail.open();
        await settled();
        expect(text()).toBe(file.text);
      },
    ),
  );
});

test("[U5] a replaced file is shown as a gap and read from its first byte", async () => {
  const file = new LogFile();
  file.push("old and long\n");
  const { tail, chunks, text } = follow(file, { offset: null, limit: 1000 });
  await tail.open();
  file.text = "";
  file.generation = 2;
  file.push("new\n");
  tail.take(file.push("more\n"));
  await settled();
  await settled();
  expect(chunks.filter(({ kind }) => kind === "gap")).toHaveLength(1);
  expect(text()).toBe("old and long\n|new\nmore\n");
});

test("[U6] after it is closed nothing is handed on", async () => {
  const file = new LogFile();
  const { tail, chunks } = follow(file, { offset: 0, limit: 100 });
  await tail.open();
  tail.close();
  tail.take(file.push("late\n"));
  expect(chunks).toEqual([]);
});

test("[Z33] a file that was not there yet is no replaced one", async () => {
  const file = new LogFile();
  file.generation = 0;
  const { tail, chunks, text } = follow(file, { offset: null, limit: 1000 });
  await tail.open();
  file.generation = 1;
  tail.take(file.push("first\n"));
  await settled();
  await settled();
  expect(chunks.filter(({ kind }) => kind === "gap")).toEqual([]);
  expect(text()).toBe("first\n");
});
