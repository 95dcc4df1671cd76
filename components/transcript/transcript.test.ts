import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseClaudeLine } from "#lib/domain/claude-stream.ts";
import { LineSplitter } from "./line-splitter.ts";
import type { Entry, ToolEntry, Transcript } from "./transcript.ts";
import { emptyTranscript, withEvents } from "./transcript.ts";

const recorded = readFileSync("e2e/fixtures/recordings/claude/council-foreground.jsonl", "utf8");

function read(pieces: readonly string[]): Transcript {
  const splitter = new LineSplitter();
  return pieces.reduce(
    (transcript, piece) => withEvents(transcript, splitter.push(piece).flatMap(parseClaudeLine)),
    emptyTranscript,
  );
}

const me = { subagent: null, parent: null };
const call = (id: string, parent: string | null = null) => ({
  kind: "tool" as const,
  id,
  name: "Bash",
  input: {},
  by: { subagent: parent === null ? null : "Explore", parent },
});
const back = (id: string) => ({ kind: "tool-result" as const, id, text: "ok", failed: false, by: me });
const toolAt = (entries: readonly Entry[], index: number) => entries[index] as ToolEntry;

test("[U7] a recorded council reads the same however the stream is cut", () => {
  const whole = read([recorded]);
  expect(whole.entries.length).toBeGreaterThan(3);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: recorded.length }), { maxLength: 30 }), (cuts) => {
      const places = [0, ...cuts.sort((a, b) => a - b), recorded.length];
      const pieces = places.slice(1).map((end, index) => recorded.slice(places[index], end));
      expect(read(pieces)).toEqual(whole);
    }),
    { numRuns: 50 },
  );
});

test("[U8] what a subagent does stands in the call that started it, and so does what its own subagents do", () => {
  const { entries } = withEvents(emptyTranscript, [
    call("a"),
    call("b", "a"),
    call("c", "b"),
    back("c"),
    back("b"),
    back("a"),
  ]);
  expect(entries).toHaveLength(1);
  const inner = toolAt(entries, 0).inner;
  expect(inner.map((entry) => (entry as ToolEntry).id)).toEqual(["b", "c"]);
  expect(inner.every((entry) => (entry as ToolEntry).result?.text === "ok")).toBe(true);
});

test("[U9] a result changes its own call and leaves every other entry the same object", () => {
  const before = withEvents(emptyTranscript, [call("a"), call("b")]);
  const after = withEvents(before, [back("b")]);
  expect(after.entries[0]).toBe(before.entries[0]);
  expect(after.entries[1]).not.toBe(before.entries[1]);
  expect(before.entries.map((entry) => (entry as ToolEntry).result)).toEqual([null, null]);
});

test("[U10] a window that begins inside of a line leaves that line out", () => {
  const splitter = new LineSplitter({ midLine: true });
  expect(splitter.push('half":1}\n{"a":1}\n{"b"')).toEqual(['{"a":1}']);
  expect(splitter.push(":2}\n")).toEqual(['{"b":2}']);
});
