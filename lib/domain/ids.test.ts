import fc from "fast-check";
import { expect, it } from "vitest";
import {
  actorFor,
  branchFor,
  isBranchName,
  isItemId,
  isObjectId,
  isQuestionId,
  isSessionId,
  MalformedIdError,
  parseItemId,
  projectLabel,
  questionIdFor,
  randomSuffix,
  sessionIdFor,
  worktreeFor,
} from "./ids.ts";

const word = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,60}$/).filter(isItemId);

it("[ID1] an item's id gives a valid branch, session and worktree below one folder", () => {
  fc.assert(
    fc.property(word, fc.double({ min: 0, max: 0.999999, noNaN: true }), (item, random) => {
      const session = sessionIdFor(
        item,
        randomSuffix(() => random),
      );
      expect(isSessionId(session)).toBe(true);
      expect(session).toMatch(/^session-[A-Za-z0-9-]+$/);
      expect(isBranchName(branchFor(item))).toBe(true);
      expect(worktreeFor(item).split("/")).toEqual([".worktrees", item]);
      expect(actorFor(session)).toBe(`amplify/${session}`);
    }),
  );
});

it("[ID2] no text with a separator, a blank, a control character or a leading dash is an id", () => {
  fc.assert(
    fc.property(
      word,
      fc.constantFrom("/", "\\", " ", "\n", "\0", "~", "^", ":", "*", "é", "\u202e"),
      (item, evil) => {
        for (const text of [`${evil}${item}`, `${item}${evil}`, `${item}${evil}${item}`]) {
          expect(isItemId(text)).toBe(false);
          expect(isBranchName(`amplify/${text}`)).toBe(false);
          expect(isSessionId(`session-${text}-abc123`)).toBe(false);
        }
      },
    ),
  );
});

it.each(["", "..", "-x", ".x", "a..b", "a.", "a.lock", "../x", "a/b", "x".repeat(122)])(
  "[ID3] %j is no item id",
  (text) => {
    expect(isItemId(text)).toBe(false);
    expect(() => parseItemId(text)).toThrow(MalformedIdError);
  },
);

it.each(["bd-auth.1", "BD-7", "a", "x_y.2.10", "a.locked"])("[ID3] %j is an item id", (text) => {
  expect(parseItemId(text)).toBe(text);
});

it("[ID4] two items that differ only in dots still have sessions apart, by the suffix", () => {
  expect(sessionIdFor(parseItemId("bd-auth.1"), "x7k2pq")).toBe("session-bd-auth-1-x7k2pq");
  expect(randomSuffix(() => 0.999999)).toBe("zzzzzz");
});

it("[ID5] object ids are whole and lower case", () => {
  expect(isObjectId("a".repeat(40))).toBe(true);
  expect(isObjectId("0".repeat(64))).toBe(true);
  for (const text of ["a".repeat(39), "A".repeat(40), "HEAD", "-".repeat(40), `${"a".repeat(40)}\n`]) {
    expect(isObjectId(text)).toBe(false);
  }
});

it("[ID6] questions count from one", () => {
  expect(questionIdFor(1)).toBe("q-1");
  expect(["q-0", "q-01", "q-1000000", "Q-1", "q-1 "].filter(isQuestionId)).toEqual([]);
});

it("[ID7] a project is a label, with or without its prefix", () => {
  expect(projectLabel("auth")).toBe("project:auth");
  expect(projectLabel("project:auth")).toBe("project:auth");
});
