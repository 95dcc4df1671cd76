import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byHandCommands, type ByHand } from "./by-hand.ts";
import { parseItemId } from "./ids.ts";

const order: ByHand = {
  root: "/home/ada/shop",
  base: "main",
  source: "beads",
  item: parseItemId("bd-auth.1"),
  branch: "amplify/bd-auth.1",
  worktree: "/home/ada/shop/.worktrees/bd-auth.1",
  summary: "Hash passwords",
  title: "Passwords",
};

describe("by hand", () => {
  it("[U230] the commands by hand are those of the specification, with the subject that a landing writes", () => {
    expect(byHandCommands(order)).toEqual([
      "cd /home/ada/shop",
      "git switch main",
      "git merge --no-ff amplify/bd-auth.1 -m 'Merge bd-auth.1: Hash passwords'",
      "git add -A && git commit --no-edit",
      "bd close bd-auth.1 --reason 'Merged to main'",
      "git worktree remove /home/ada/shop/.worktrees/bd-auth.1",
    ]);
    expect(byHandCommands({ ...order, source: "backlog" })[4]).toBe(
      "amplify item close bd-auth.1 --reason 'Merged to main'",
    );
  });

  it("[U231] whatever a summary or a path holds, a shell reads it as one word", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 60 }), (text) => {
        const [change = "", , merge = ""] = byHandCommands({ ...order, root: `/x/${text}`, summary: text });
        fc.pre(!text.includes("\0"));
        const words = execFileSync("sh", ["-c", `set -- ${change} ${merge}; printf %s "$#"`], {
          encoding: "utf8",
        });
        expect(words).toBe("8");
      }),
      { numRuns: 25 },
    );
  });
});
