import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setStage, type Stage } from "#e2e/fakes/scripted-agent/stage.ts";
import { buildRehearsal, type BuiltRehearsal } from "#e2e/fixtures/rehearsal.ts";
import { parseItemId, parseQuestionId } from "#lib/domain/ids.ts";
import type { Review } from "#lib/domain/review.ts";

/** Driven by the real runner with its own prompts: what the script says is what comes about. */
let built: BuiltRehearsal;
let home: string;
beforeAll(async () => {
  built = await buildRehearsal();
  home = await mkdtemp(join(tmpdir(), "amplify-rehearsal-home-"));
});
afterAll(async () => {
  await built[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
});

function sessionOf(script: string, validate: { name: string; command: string }[] = []): Promise<Stage> {
  return setStage(built.agent, {
    env: { HOME: home, GIT_CONFIG_GLOBAL: "/dev/null" },
    validate,
    item: {
      id: parseItemId("bd-auth.1"),
      title: "Let people log in",
      type: "task",
      priority: 2,
      labels: [],
      description: `People want to log in.\n\n\`\`\`rehearsal\n${script}\n\`\`\``,
      design: "",
      acceptance: "They can.",
      notes: "",
    },
  });
}

test("[N13] question, tidying, dissent, rebuttal and the tech lead's fix lead to an approval", async () => {
  await using stage = await sessionOf(
    "ask: Hash | Which hash?\n  - argon2\n  - bcrypt\nwrite: docs/hash.md\n  We use {answer}.\nleave-uncommitted: scratch.md\n  x\nreview: dissent\n  docs/hash.md: It does not say why.\nrework:\nedit: docs/hash.md\n  - We use {answer}.\n  + We use {answer}, for it is slow.",
  );
  await stage.start();
  await stage.untilKind("step-asked");
  await stage.decide({
    kind: "answer",
    question: parseQuestionId("q-1"),
    choices: [{ labels: ["bcrypt"], text: "" }],
  });
  await stage.until(({ kind }) => kind === "review-concluded" || kind === "failed");
  const review = (await stage.json("review.json")) as Review;
  expect(review).toMatchObject({ verdict: "approved", by: "arbitration" });
  expect(review.parts.map(({ part }) => part)).toEqual(["examination", "rebuttal", "arbitration"]);
  expect(review.parts[0]?.reports.flatMap(({ findings }) => findings)).toMatchObject([
    { id: "f-1", file: "docs/hash.md", claim: "It does not say why." },
  ]);
  expect(review.parts[2]?.reports).toMatchObject([{ responses: [{ finding: "f-1", stance: "fixed" }] }]);
  expect(await stage.repository.git("show", `${review.head}:docs/hash.md`)).toBe(
    "We use bcrypt, for it is slow.",
  );
  expect(await stage.repository.git("show", `${review.head}:scratch.md`)).toBe("x");
  expect(await stage.text("summary.md")).toMatch(/^(# )?Let people log in\n/);
});

test("[N13] red work is repaired, and a rejected change comes back better", async () => {
  await using stage = await sessionOf(
    "write: work.txt\n  bad\nreview: changes-then-approve\nrepair:\nedit: work.txt\n  - bad\n  + good\nrework:\nedit: work.txt\n  - good\n  + good and better",
    [{ name: "good", command: "grep -q good work.txt" }],
  );
  await stage.start();
  const events = await stage.until(
    (event) =>
      event.kind === "failed" || (event.kind === "review-concluded" && event.review.verdict === "approved"),
  );
  expect(events.flatMap((event) => (event.kind === "validated" ? event.validation.passed : []))).toEqual([
    false,
    true,
    true,
  ]);
  const reviews = events.flatMap((event) => (event.kind === "review-concluded" ? event.review : []));
  expect(reviews.map(({ verdict, by }) => [verdict, by])).toEqual([
    ["rejected", "consensus"],
    ["approved", "consensus"],
  ]);
  expect(await stage.repository.git("show", `${reviews[1]?.head ?? ""}:work.txt`)).toBe("good and better");
});
