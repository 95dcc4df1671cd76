import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ReadOutput } from "#lib/contract/wire.ts";
import { disagreement, goodDay } from "../fakes/messages-api/story.ts";
import { createRealHouse } from "../fixtures/real-house.ts";
import { findTool } from "../fixtures/tools.ts";

const claude = findTool("claude-latest");
const bds = [
  ["sqlite", findTool("bd-sqlite")],
  ["dolt", findTool("bd-dolt")],
] as const;

describe("the story from the command line", () => {
  for (const [era, bd] of bds) {
    it.skipIf(!bd || !claude)(
      `[E1] one bead goes from ready to merged (bd of the ${era} era)`,
      { timeout: 240_000 },
      async () => {
        await using house = await createRealHouse({ story: goodDay, bd: bd!, claude: claude!, era });
        const first = await house.createItem({ title: "Paint the banner" });
        const second = await house.createItem({ title: "Hang the banner", blockedBy: [first] });
        expect(await house.ready()).toEqual([first]);

        const dispatched = await house.amplify("session", "dispatch", first, "backend-engineer");
        expect(dispatched).toMatchObject({ exit: 0 });
        const session = dispatched.stdout.trim().split("\n").at(-1)!;
        expect(session).toMatch(new RegExp(`^session-${first.replace(/[^A-Za-z0-9-]/g, "-")}-[0-9a-z]{6}$`));

        // A question comes, and its answer reaches the agent.
        const questions = await house.until("the question", async () => {
          const open = await house.json<ReadOutput<"questions">>("session", "questions");
          return open.length > 0 ? open : null;
        });
        expect(questions[0]?.question.prompts[0]?.text).toContain("colour");
        const answered = await house.amplify("session", "answer", session, "q-1", "Blue");
        expect(answered).toMatchObject({ exit: 0 });

        await house.until("approval", async () => {
          const { session: view } = await house.json<ReadOutput<"session">>("session", "status", session);
          expect(view.status, view.reason?.detail).not.toBe("failed");
          return view.status === "approved" ? view : null;
        });
        const detail = await house.json<ReadOutput<"session">>("session", "status", session);
        const log = await readFile(join(detail.session.directory, "output.log"), "utf8");
        expect(log.trimEnd().split("\n").at(-1)).toBe("REVIEW_VERDICT: APPROVED");
        for (const file of ["state.json", "questions.json", "answers.json", "summary.md", "review.json"]) {
          expect((await readFile(join(detail.session.directory, file), "utf8")).length).toBeGreaterThan(2);
        }
        expect(await house.repository.git("status", "--porcelain", "--", ":!.beads")).toBe("");

        const merged = await house.amplify("session", "merge");
        expect(merged, merged.stderr + merged.stdout).toMatchObject({ exit: 0 });
        expect(await house.repository.git("log", "--merges", "-1", "--format=%s")).toMatch(
          new RegExp(`^Merge ${first}: .+`),
        );
        expect((await house.repository.git("log", "--merges", "-1", "--format=%P")).split(" ")).toHaveLength(
          2,
        );
        expect(await readFile(join(house.repository.path, "notes", `${first}.md`), "utf8")).toContain("Blue");
        expect(await house.item(first)).toMatchObject({ status: "closed", close_reason: "Merged to main" });
        expect(await house.repository.git("worktree", "list")).not.toContain(first);
        expect(await house.repository.git("branch", "--list", "amplify/*")).toBe("");
        expect(await house.ready()).toEqual([second]);
        expect(house.api.problems).toEqual([]);
      },
    );
  }

  it.skipIf(!bds[0][1] || !claude)(
    "[E2] a dissent is arbitrated, and what the tech lead fixed lands",
    { timeout: 240_000 },
    async () => {
      await using house = await createRealHouse({
        story: { ...disagreement, question: null },
        bd: bds[0][1]!,
        claude: claude!,
        era: "sqlite",
      });
      const item = await house.createItem({ title: "Paint the banner" });
      expect(await house.amplify("session", "dispatch", item)).toMatchObject({ exit: 0 });
      const detail = await house.until("approval", async () => {
        const read = await house.json<ReadOutput<"session">>("session", "status", item);
        expect(read.session.status, read.session.reason?.detail).not.toBe("failed");
        return read.session.status === "approved" ? read : null;
      });
      expect(detail.reviews.at(-1)).toMatchObject({ verdict: "approved", by: "arbitration" });
      expect(detail.reviews.at(-1)?.parts.map(({ part }) => part)).toEqual([
        "examination",
        "rebuttal",
        "arbitration",
      ]);
      expect(await house.amplify("session", "merge", item)).toMatchObject({ exit: 0 });
      expect(await house.repository.git("show", "HEAD:notes/fix.md")).toContain("tech lead");
    },
  );
});
