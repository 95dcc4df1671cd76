import { expect, it } from "vitest";
import { shownLines, stretchesText } from "./shown-lines.ts";

it("[CM1] the lines that a diff shows are those of its hunks, on either side", () => {
  const diff = [
    "diff --git a/a.txt b/a.txt",
    "--- a/a.txt",
    "+++ b/a.txt",
    "@@ -1,2 +1,3 @@ @@ -70 +70 @@",
    " one",
    "+two\r@@ -80,5 +80,5 @@",
    " @@ -90 +90 @@",
    "@@ -9 +10,0 @@",
    "-nine",
    "@@ -20,0 +21 @@",
    "+twenty",
  ].join("\n");
  expect(shownLines(diff, "new")).toEqual([
    [1, 3],
    [21, 21],
  ]);
  expect(shownLines(diff, "old")).toEqual([
    [1, 2],
    [9, 9],
  ]);
  expect(shownLines("Binary files a/x and b/x differ", "new")).toEqual([]);
  expect(stretchesText(shownLines(diff, "new"))).toBe("1-3, 21");
  expect(stretchesText(Array.from({ length: 12 }, (_, n) => [n + 1, n + 1] as const))).toMatch(
    /10 and more$/,
  );
});
