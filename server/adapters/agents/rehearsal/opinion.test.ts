import { expect, test } from "vitest";
import type { Spec } from "#lib/contract/files.ts";
import { newRun, type Work } from "#lib/domain/run-state.ts";
import { workPrompt } from "#server/runner/prompts/work.ts";
import { parseObjectId } from "#lib/domain/ids.ts";
import type { Role } from "#lib/domain/review.ts";
import { readReport } from "../report.ts";
import { reviewKinds, type ReviewKind } from "./directives.ts";
import { opinionOf } from "./opinion.ts";
import { readChange } from "./read-change.ts";
import { readOrder } from "./read-order.ts";
import { withBothSides } from "./resolve-merge.ts";

const diff = `diff --git a/src/log in.ts b/src/log in.ts
index 1..2 100644
--- a/src/log in.ts\t
+++ b/src/log in.ts\t
@@ -3,2 +3,4 @@ function
 context
-old
+new
++++ odd
+// TODO later
\\ No newline at end of file
diff --git a/logo.png b/logo.png
new file mode 100644
Binary files /dev/null and b/logo.png differ
diff --git a/a.md b/b.md
similarity index 100%
rename from a.md
rename to b.md
`;

test("[N16] a diff is read with its files, lines and numbers", () => {
  expect(readChange(diff)).toEqual([
    {
      path: "src/log in.ts",
      added: 3,
      removed: 1,
      lines: [3, 6],
      addedLines: ["new", "+++ odd", "// TODO later"],
      endsWithoutNewline: true,
    },
    { path: "logo.png", added: 0, removed: 0, lines: null, addedLines: [], endsWithoutNewline: false },
    { path: "b.md", added: 0, removed: 0, lines: null, addedLines: [], endsWithoutNewline: false },
  ]);
  expect(readChange("")).toEqual([]);
});

const debate = (review: ReviewKind, round = 1) => ({
  part: "examination" as const,
  round,
  script: { review, claim: null },
  change: readChange(diff),
  asked: [],
  earlier: [],
});

test("[N16] an examination names what the change really holds", () => {
  const report = opinionOf("peer-reviewer", debate("approve"));
  expect(report.summary).toContain("3 files with 3 lines added and 1 removed");
  expect(report.findings.map(({ id, severity, file }) => [id, severity, file])).toEqual([
    ["f-1", "nit", "src/log in.ts"],
    ["f-2", "minor", "src/log in.ts"],
    ["f-3", "minor", "src/log in.ts"],
  ]);
});

test("[N16] every opinion is a report that counts, also about no change at all", () => {
  for (const review of reviewKinds) {
    for (const change of [readChange(diff), []]) {
      for (const role of ["implementer", "peer-reviewer"] satisfies Role[]) {
        for (const part of ["examination", "rebuttal"] as const) {
          const opinion = opinionOf(role, { ...debate(review), change, part, asked: ["f-1"] });
          expect(readReport(JSON.stringify(opinion), role)).toEqual({ report: opinion });
        }
      }
      const word = opinionOf("tech-lead", {
        ...debate(review),
        change,
        part: "arbitration",
        asked: ["f-1"],
      });
      expect(readReport(JSON.stringify(word), "tech-lead")).toEqual({ report: word });
    }
  }
});

test("[N9] the reviewer withdraws, and the tech lead overrules, where the script says so", () => {
  const asked = { asked: ["f-1"] };
  expect(opinionOf("peer-reviewer", { ...debate("withdraw"), ...asked, part: "rebuttal" })).toMatchObject({
    verdict: "approve",
    responses: [{ finding: "f-1", stance: "withdraw" }],
  });
  expect(opinionOf("tech-lead", { ...debate("overrule"), ...asked, part: "arbitration" })).toMatchObject({
    verdict: "approve",
    responses: [{ finding: "f-1", stance: "overrule" }],
  });
  expect(opinionOf("peer-reviewer", debate("dissent", 2)).verdict).toBe("approve");
});

test("[N15] the runner's own orders are told apart", () => {
  const spec = { base: { branch: "main" }, branch: "amplify/bd-1" } as Spec;
  const kinds: Work[] = [
    { kind: "implement" },
    { kind: "repair", attempt: 1 },
    { kind: "tidy" },
    { kind: "rework", note: "" },
    { kind: "merge-base", base: parseObjectId("a".repeat(40)), conflicts: ["a.txt"] },
    { kind: "continue", note: "Hurry" },
  ];
  const item =
    "# bd-1: Tidy up\n\nType: task\n\n## Description\nYou left files uncommitted.\nThe validation of your work is red";
  for (const work of kinds) {
    const order = readOrder(`${item}\n\n${workPrompt(spec, newRun, work)}`);
    expect(order).toMatchObject({ work: work.kind, item: { id: "bd-1", title: "Tidy up" }, findings: [] });
  }
});

test("[N7] both sides stay, marks and the common ancestor go", () => {
  const text =
    "a\n<<<<<<< HEAD\nours\n||||||| base\nold\n=======\ntheirs\n>>>>>>> main\nb\n=======\nunder a heading\n";
  expect(withBothSides(text)).toBe("a\nours\ntheirs\nb\n=======\nunder a heading\n");
});
