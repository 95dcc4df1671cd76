import fc from "fast-check";
import { expect, test } from "vitest";
import type { LogLines } from "./log-lines.ts";
import { appended, noLines, prepended } from "./log-lines.ts";

const pieces = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "\n") }), {
  minLength: 1,
  maxLength: 20,
});

/** The lines of a text; a newline at its end begins no further one. */
function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function append(log: LogLines, text: string): LogLines {
  return appended(log, { kind: "text", offset: log.next, next: log.next + text.length, text });
}

test("[U26] lines are the same however their bytes arrive", () => {
  fc.assert(
    fc.property(pieces, (parts) => {
      const log = parts.filter((part) => part !== "").reduce(append, noLines);
      expect(log.lines).toEqual(linesOf(parts.join("")));
      expect(log.next).toBe(parts.join("").length);
    }),
  );
});

test("[U27] an earlier window joins in front, also where it was cut inside of a line, and keys stay", () => {
  fc.assert(
    fc.property(pieces, fc.nat(), (parts, at) => {
      const text = parts.join("");
      const cut = text === "" ? 0 : at % text.length;
      if (cut === 0) return;
      const log = appended(noLines, { kind: "text", offset: cut, next: text.length, text: text.slice(cut) });
      const whole = prepended(log, { kind: "text", offset: 0, next: cut, text: text.slice(0, cut) });
      expect(whole.lines).toEqual(linesOf(text));
      expect(whole.firstKey + whole.lines.length).toBe(log.firstKey + log.lines.length);
    }),
  );
});
