import fc from "fast-check";
import { expect, test } from "vitest";
import { ansiSpans } from "./ansi.ts";
import { visibleText } from "./visible-text.ts";

const text = (line: string) =>
  ansiSpans(line)
    .map((span) => span.text)
    .join("");

test("[U11] SGR colours become tokens and the text stays", () => {
  expect(ansiSpans("a \u001b[31mred\u001b[0m b")).toMatchObject([
    { text: "a ", color: null },
    { text: "red", color: "var(--bad)" },
    { text: " b", color: null },
  ]);
  expect(ansiSpans("\u001b[38;2;1;2;3mx")[0]).toMatchObject({ color: "rgb(1, 2, 3)" });
});

test("[U12] links, titles, cursor moves and other sequences vanish with what they carry", () => {
  expect(text("\u001b]8;;https://evil.example\u0007click\u001b]8;;\u0007")).toBe("click");
  expect(text("\u001b]0;title\u001b\\shown")).toBe("shown");
  expect(text("\u001b[2J\u001b[1;1Hshown\u001b[?25l")).toBe("shown");
  expect(text("\u001bPq#0\u001b\\shown")).toBe("shown");
});

const forbidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
const colour = /^(?:var\(--[a-z]+\)|rgb\([\d, ]+\)|color-mix\(in srgb, var\(--[a-z]+\) 25%, transparent\))$/;
const isColour = (value: string | null) => value === null || colour.test(value);

/** CI tries enough to find what is common; the long tier sets the number to a million. */
const lines = Number(process.env["AMPLIFY_FUZZ_RUNS"] ?? 20_000);
const seed = Number(process.env["AMPLIFY_FUZZ_SEED"] ?? 7);

test(
  `[U13] no line yields a control character or a colour that is none (seed ${String(seed)})`,
  { timeout: 600_000 },
  () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "\u001b",
        "\u001b[",
        "\u001b]8;;",
        "\u009b",
        "\u0007",
        "m",
        "31",
        ";",
        "38;2;",
        "38;5;",
        "999",
        "\u202e",
        "\u0090",
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        // Plain comparisons: an expectation for each span would take longer than all that is tried.
        return ansiSpans(pieces.join("")).every(
          (span) => !forbidden.test(span.text) && [span.color, span.background].every(isColour),
        );
      }),
      { numRuns: lines, seed },
    );
  },
);

test("[U14] marks that turn the direction of text are spelt out", () => {
  expect(visibleText("user\u202enimda")).toBe("user⟨U+202E⟩nimda");
  expect(visibleText("a\u200bb\r\nc\u0000")).toBe("a⟨U+200B⟩b\nc");
});

test("[U15] a line of 10 MB is cut, says so, and is ready at once", () => {
  const began = performance.now();
  expect(text("x".repeat(10_000_000))).toMatch(/ … 9980000 more characters$/);
  expect(text("\u001b]".repeat(5_000_000)).length).toBeLessThan(100);
  expect(performance.now() - began).toBeLessThan(2000);
});
