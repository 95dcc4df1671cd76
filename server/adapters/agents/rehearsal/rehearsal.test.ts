import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { buildRehearsal, type BuiltRehearsal } from "#e2e/fixtures/rehearsal.ts";
import {
  agentContract,
  councilRoles,
  question,
  runStep,
  stepOrder,
  verdictSchema,
  type AgentSubject,
  type Plot,
} from "#server/agent.contract.ts";
import type { RoleOrder, StepOrder, StepOutcome } from "#server/ports.ts";

let built: BuiltRehearsal;
beforeAll(async () => {
  built = await buildRehearsal();
});
afterAll(() => built[Symbol.asyncDispose]());

const scripts: Readonly<Record<Plot, string>> = {
  finish: "summary: Done",
  ask: [
    `ask: ${question.header} | ${question.text}`,
    ...question.options.map(({ label, description }) => `  - ${label}: ${description}`),
  ].join("\n"),
  council: "review: approve",
  hang: "fail: hang",
};

interface World extends AgentSubject {
  git(...args: string[]): string;
}

function makeWorld(): World {
  const root = mkdtempSync(join(tmpdir(), "amplify-rehearsal-"));
  const [home, memory, worktree, sessionDir] = ["home", "home/.amplify-rehearsal", "worktree", "session"].map(
    (name) => join(root, name),
  ) as [string, string, string, string];
  for (const folder of [home, memory, worktree, sessionDir]) mkdirSync(folder);
  const env = { PATH: process.env.PATH ?? "", HOME: home, GIT_CONFIG_NOSYSTEM: "1" };
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=T", "-c", "user.email=t@example.com", ...args], {
      cwd: worktree,
      env: env,
      encoding: "utf8",
    }).trim();
  git("init", "-q", "-b", "main");
  writeFileSync(join(worktree, "README.md"), "# Example\n\nOne line.\n");
  git("add", "-A");
  git("commit", "-q", "-m", "Begin");
  return {
    agent: built.agent,
    env,
    sessionDir,
    worktree,
    git,
    play(plot) {
      writeFileSync(join(memory, "default.md"), scripts[plot]);
      return plot === "hang" ? untilWritten(memory, /\bhang"/) : Promise.resolve();
    },
    close() {
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
      return Promise.resolve();
    },
  };
}

/** Resolves once a conversation in `folder` says it. */
function untilWritten(folder: string, said: RegExp): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(folder, (_, name) => {
      if (!name?.endsWith(".json") || !said.test(readFileSync(join(folder, name), "utf8"))) return;
      watcher.close();
      resolve();
    });
  });
}

agentContract("rehearsal", () => Promise.resolve(makeWorld()));

let world: World;
let steps: number;
let first: StepOrder;
beforeEach(() => {
  world = makeWorld();
  steps = 1;
});
afterEach(() => world.close());

const fenced = (script: string) =>
  `# bd-7: Greet people by name\n\nType: task\n\n## Description\n\`\`\`rehearsal\n${script}\n\`\`\`\n\nImplement the item above completely.`;
const start = (script: string) => {
  first = stepOrder(world, { prompt: fenced(script) });
  return runStep(world, first);
};
const next = (fields: Partial<StepOrder>) =>
  runStep(
    world,
    stepOrder(world, { step: ++steps, mode: "resume", agentSession: first.agentSession, ...fields }),
  );
const file = (path: string) => readFileSync(join(world.worktree, path), "utf8");
const subjects = () => world.git("log", "--format=%s", "--reverse").split("\n").slice(1);
const techLead: RoleOrder = {
  role: "tech-lead",
  description: "Decides",
  prompt: "## Your task\n- **f-1** (major, documentation) notes/bd-7.md:1-3: It is too short.\n",
  mayEdit: true,
  model: null,
};
const held = (part: string, roles: readonly RoleOrder[] = councilRoles) =>
  next({ prompt: `## The review council: ${part}\nCall them.`, roles, schema: verdictSchema });
const verdicts = (outcome: StepOutcome) =>
  outcome.kind === "finished"
    ? outcome.reports.map(({ role, verdict }) => `${role}: ${verdict}`).toSorted()
    : [];

test("[N1] without directives it writes a note about the item and commits it", async () => {
  expect(await start("")).toMatchObject({ kind: "finished" });
  expect(file("notes/bd-7.md")).toContain("# Greet people by name");
  expect(subjects()).toEqual(["Greet people by name"]);
  expect(world.git("status", "--porcelain")).toBe("");
});

test("[N2] it writes, edits and commits in the order of its lines", async () => {
  const outcome = await start(
    "write: src/greet.js\n  export const greet = (name) => `Hi ${name}`;\ncommit: Greet {item}\n\nedit: README.md\n  - One line.\n  + One line, and $& more.\ncommit: Tell of it\nsummary: Greet people\n  It was simple.",
  );
  expect(outcome).toMatchObject({ kind: "finished", text: "Greet people\nIt was simple." });
  expect(file("src/greet.js")).toBe("export const greet = (name) => `Hi ${name}`;\n");
  expect(file("README.md")).toContain("One line, and $& more.");
  expect(subjects()).toEqual(["Greet bd-7", "Tell of it"]);
});

test("[N3] answers go on with the line after the question and can be put into texts", async () => {
  const asked = await start(
    "ask: Tone | How should it greet?\n  - Warm: with a smile\n  - Cool\n  > People will see it.\n  ? Whom?\n  * Friends\n  * Strangers\nwrite: tone.txt\n  {answer 1}, to {answer}",
  );
  expect(asked).toMatchObject({
    kind: "asked",
    context: "People will see it.",
    prompts: [
      { header: "Tone", multiple: false },
      { text: "Whom?", multiple: true },
    ],
  });
  if (asked.kind !== "asked") return;
  const answer = {
    toolUseId: asked.toolUseId,
    prompts: asked.prompts,
    choices: [
      { labels: ["Warm"], text: "" },
      { labels: ["Friends", "Strangers"], text: "" },
    ],
  };
  expect(await next({ mode: "answer", prompt: null, answer })).toMatchObject({ kind: "finished" });
  expect(file("tone.txt")).toBe("Warm, to Friends, Strangers\n");
  expect(subjects()).toEqual(["Greet people by name"]);
});

test("[N4] a question that the prompt answers is not asked", async () => {
  const prompt = `${fenced("ask: Which tone?\n  - Warm\nwrite: tone.txt\n  {answer}")}\n\n## Questions that were answered\n- Which tone?\n  Answer by Ada: Cool\n`;
  expect(await runStep(world, stepOrder(world, { prompt }))).toMatchObject({ kind: "finished" });
  expect(file("tone.txt")).toBe("Cool\n");
});

test.each([
  ["crash", "agent-crashed"],
  ["killed", "agent-killed"],
  ["rate-limit", "rate-limited"],
  ["overloaded", "service-error"],
  ["credit", "credit-exhausted"],
  ["no-result", "agent-no-result"],
  ["plain", "agent-no-result"],
])("[N5] fail: %s fails once as %s, and a resumed step finishes the work", async (how, reason) => {
  expect(await start(`write: a.txt\n  a\nfail: ${how}`)).toMatchObject({
    kind: "failed",
    failure: { reason },
  });
  expect(await next({ prompt: "You were interrupted. See `git status`." })).toMatchObject({
    kind: "finished",
  });
  expect(subjects()).toEqual(["Greet people by name"]);
});

test("[N5] fail: plain as the first line speaks no stream at all, and no-change ends well without a commit", async () => {
  expect(await start("fail: plain")).toMatchObject({ failure: { reason: "agent-no-result" } });
  expect(readFileSync(join(first.stepDir, "stream.jsonl"), "utf8")).not.toContain("{");
  steps = 4;
  first = stepOrder(world, { step: 4, prompt: fenced("fail: no-change") });
  expect(await runStep(world, first)).toMatchObject({ kind: "finished" });
  expect(subjects()).toEqual([]);
});

test("[N6] what it leaves uncommitted it commits when it is told to tidy", async () => {
  await start("write: a.txt\n  a\nleave-uncommitted: scratch.txt\n  b");
  expect(world.git("status", "--porcelain")).toBe("?? scratch.txt");
  await next({ prompt: "You left files uncommitted. Look at `git status`." });
  expect(world.git("status", "--porcelain")).toBe("");
});

test("[N7] two items that conflict do so in git, and the merge keeps both sides", async () => {
  await start("conflict: README.md");
  world.git("checkout", "-q", "-b", "other", "HEAD~1");
  writeFileSync(join(world.worktree, "README.md"), "# Other\n\nOne line.\n");
  world.git("commit", "-q", "-a", "-m", "Other");
  world.git("checkout", "-q", "main");
  expect(() => world.git("merge", "-q", "other")).toThrow();
  const prompt = "The base branch `other` has moved on, and merging it conflicts in:\n- README.md";
  expect(await next({ prompt })).toMatchObject({ kind: "finished" });
  expect(file("README.md")).toBe("# bd-7: Greet people by name\n# Other\n\nOne line.\n");
  expect(world.git("rev-list", "--parents", "-1", "HEAD").split(" ")).toHaveLength(3);
});

test("[N8] changes-then-approve wants changes once, and rework answers them", async () => {
  await start("review: changes-then-approve\n  notes/bd-7.md: It is too short.");
  const wanted = await held("examination");
  expect(verdicts(wanted)).toEqual(["implementer: changes", "peer-reviewer: changes"]);
  expect(wanted.kind === "finished" && wanted.reports.flatMap(({ findings }) => findings)).toContainEqual(
    expect.objectContaining({ id: "f-1", file: "notes/bd-7.md", lines: [1, 3], claim: "It is too short." }),
  );
  const again = await next({
    prompt: `## The review council: examination\n\nThis part of the review was held before and did not count: so.`,
    roles: councilRoles,
    schema: verdictSchema,
  });
  expect(verdicts(again)).toEqual(["implementer: changes", "peer-reviewer: changes"]);
  await next({
    prompt:
      "The work needs changes before it can land.\n\n- **f-1** (major, tests) notes/bd-7.md:1-3: It is too short.",
  });
  expect(file("notes/bd-7.md")).toContain("- f-1, notes/bd-7.md: It is too short.");
  expect(verdicts(await held("examination"))).toEqual(["implementer: approve", "peer-reviewer: approve"]);
});

test("[N9] a dissent lasts through the rebuttal until the tech lead fixes and commits", async () => {
  await start("write: a.txt\n  a\nreview: dissent\nrework:\nedit: a.txt\n  - a\n  + b\ncommit: Say b");
  for (const part of ["examination", "rebuttal"]) {
    expect(verdicts(await held(part))).toEqual(["implementer: approve", "peer-reviewer: changes"]);
  }
  const settled = await held("arbitration", [techLead]);
  expect(settled.kind === "finished" && settled.reports).toMatchObject([
    { role: "tech-lead", verdict: "approve", responses: [{ finding: "f-1", stance: "fixed" }] },
  ]);
  expect(file("a.txt")).toBe("b\n");
  expect(subjects()).toEqual(["Greet people by name", "Say b"]);
});

test("[N10] a review without a verdict has none of the reviewer", async () => {
  await start("review: no-verdict");
  const outcome = await held("examination");
  expect(verdicts(outcome)).toEqual(["implementer: approve"]);
});

test.each([
  ["write: ../outside.txt\n  x", "no file of the worktree"],
  ["write: .git/hooks/pre-commit\n  x", "no file of the worktree"],
  ["write: link/x.txt\n  x", "leads through a link"],
  ["edit: README.md\n  - not there\n  + x", "not in README.md"],
  ["run: rm -rf /", 'no directive "run"'],
])(
  "[N11] a script cannot leave the worktree, and what it cannot do fails aloud: %j",
  async (script, problem) => {
    execFileSync("ln", ["-s", tmpdir(), join(world.worktree, "link")]);
    const outcome = await start(script);
    expect(outcome).toMatchObject({ kind: "failed", failure: { reason: "agent-crashed" } });
    expect(outcome.kind === "failed" && outcome.failure.detail).toContain(problem);
  },
);

test("[N12] budget and turns end it as they end the CLI, and costs of a resumed step are its own", async () => {
  const done = await start("write: a.txt\n  a");
  expect(done.costUsd).toBeGreaterThan(0);
  const resumed = await next({ prompt: "Go on with the item." });
  expect(resumed.costUsd).toBeLessThan(done.costUsd);
  expect(await next({ prompt: "The work needs changes before it can land.", maxTurns: 1 })).toMatchObject({
    failure: { reason: "turns-exhausted" },
  });
  expect(
    await next({ prompt: "The work needs changes before it can land.", budgetUsd: 0.000001 }),
  ).toMatchObject({ failure: { reason: "budget-exhausted" } });
});
