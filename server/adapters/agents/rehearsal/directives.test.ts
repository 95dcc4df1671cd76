import { expect, test } from "vitest";
import { DirectiveError, findScript, readScript } from "./directives.ts";

test("[N14] a script is found in its fence, also one that holds a shorter fence", () => {
  expect(findScript("Text\n\n```rehearsal\r\nsay: a\r\n```\nMore")).toBe("say: a\n");
  expect(findScript("````rehearsal\nwrite: a.md\n  ```js\n```\n````\n")).toBe("write: a.md\n  ```js\n```\n");
  expect(findScript("```js\nsay: a\n```")).toBeNull();
  expect(findScript("```rehearsal\nnever closed")).toBeNull();
});

test("[N14] lines, their indented text and their sections are read", () => {
  const script = readScript(
    [
      "# a remark",
      "pause: 20",
      "write: a.js",
      "  if (x) {",
      "",
      "    y();",
      "\t}",
      "",
      "edit: a.js",
      "  -   y();",
      "  +   z();",
      "review: overrule",
      "  a.js: It is slow.",
      "  Measured.",
      "repair:",
      "say: Hm.",
      "rework:",
      "conflict:",
      "commit: One",
      "  Body",
    ].join("\n"),
  );
  expect(script).toEqual({
    pauseMs: 20,
    summary: null,
    review: "overrule",
    claim: "a.js: It is slow.\nMeasured.",
    acts: {
      work: [
        { kind: "write", path: "a.js", text: "if (x) {\n\n  y();\n}\n" },
        { kind: "edit", path: "a.js", from: "  y();", to: "  z();" },
      ],
      repair: [{ kind: "say", text: "Hm." }],
      rework: [
        { kind: "conflict", path: "README.md" },
        { kind: "commit", message: "One\nBody" },
      ],
    },
  });
});

test.each([
  ["say: a\naks: b", 'line 2: there is no directive "aks"'],
  ["no colon here", 'line 1: "no colon here" is no "name: value"'],
  ["  indented", "line 1: an indented line belongs to no directive"],
  ["pause: soon", "line 1: "],
  ["pause: 60001", "line 1: "],
  ["review: maybe", 'line 1: "review" is one of approve, '],
  ["fail: softly", 'line 1: "fail" is one of crash, '],
  ["write:\n  text", 'line 1: "write" needs a value'],
  ["edit: a\n  + b", "line 1: an edit needs the lines that go"],
  ["ask: Why?\n  because", 'line 1: "because" is neither an option'],
  ["commit:", 'line 1: "commit" needs a text'],
])("[N14] %j is refused with its line", (text, problem) => {
  expect(() => readScript(text)).toThrow(DirectiveError);
  expect(() => readScript(text)).toThrow(problem);
});
