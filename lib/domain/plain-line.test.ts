import { expect, it } from "vitest";
import { plainLine } from "./plain-line.ts";

it.each([
  ["What should happen where **no passkey** is there?", "What should happen where no passkey is there?"],
  ["Today `signIn` ends\nwith:\n```ts\nthrow 1\n```\nAnd then?", "Today signIn ends with:"],
  ["## Which one?\n\n- [red](https://example.test)\n- *blue*", "Which one? red blue"],
  ["2 * 3 * 4, a_b_c and file_*.ts stay", "2 * 3 * 4, a_b_c and file_*.ts stay"],
  ["The key is ***************, **really**?", "The key is ***************, really?"],
  ["```\nonly code\n```", ""],
])("[U175] a question's first line in a list has its words and no marks: %j", (markdown, line) => {
  expect(plainLine(markdown)).toBe(line);
});
