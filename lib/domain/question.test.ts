import fc from "fast-check";
import { expect, it } from "vitest";
import { questionIdFor } from "./ids.ts";
import {
  answer,
  type Choice,
  choiceAsText,
  choiceFromText,
  describeAnswerProblem,
  type Prompt,
  type Question,
} from "./question.ts";

const label = fc.stringMatching(/^[A-Za-z][A-Za-z0-9 ]{0,12}[A-Za-z0-9]$/);
const anyPrompt: fc.Arbitrary<Prompt> = fc.record({
  text: fc.string({ minLength: 1 }),
  header: fc.string(),
  options: fc
    .uniqueArray(label, { maxLength: 5 })
    .map((labels) => labels.map((each) => ({ label: each, description: "" }))),
  multiple: fc.boolean(),
});
const anyPrompts = fc.array(anyPrompt, { minLength: 1, maxLength: 4 });

function asked(prompts: readonly Prompt[]): Question {
  return {
    id: questionIdFor(1),
    prompts,
    asker: { role: "implementer", phase: "implementation", step: 1 },
    context: "",
    askedAt: "2026-01-01T00:00:00Z",
    toolUseId: null,
    status: "open",
  };
}

const given = (choices: readonly Choice[], by = "Ada") => ({ choices, by, at: "2026-01-02T00:00:00Z" });

/** A choice that fits its prompt: an option where there is one, else free text. */
const fitting = (prompt: Prompt): Choice =>
  prompt.options[0] ? { labels: [prompt.options[0].label], text: "" } : { labels: [], text: "As you like" };

it("[QA1] a fitting answer is kept as it was given, and is not delivered yet", () => {
  fc.assert(
    fc.property(anyPrompts, (prompts) => {
      const choices = prompts.map(fitting);
      const result = answer(asked(prompts), given(choices));
      expect(result).toEqual({
        question: { ...asked(prompts), status: "answered", answer: given(choices), deliveredAt: null },
      });
    }),
  );
});

it("[QA2] the first answer stands, and the second is told who gave it, when, and what it says", () => {
  fc.assert(
    fc.property(anyPrompts, (prompts) => {
      const choices = prompts.map(fitting);
      const first = answer(asked(prompts), given(choices));
      if (!("question" in first)) throw new Error("the first answer was refused");
      const second = answer(first.question, given(prompts.map(fitting), "Grace"));
      expect(second).toEqual({
        problem: {
          kind: "already-answered",
          by: "Ada",
          at: "2026-01-02T00:00:00Z",
          said: choices.map(choiceAsText).join("; "),
        },
      });
    }),
  );
});

it("[QA3] a withdrawn question takes no answer", () => {
  const question: Question = {
    ...asked([]),
    status: "withdrawn",
    reason: "stopped",
    at: "2026-01-01T00:00:00Z",
  };
  expect(answer(question, given([]))).toEqual({ problem: { kind: "withdrawn", reason: "stopped" } });
});

it("[QA4] an answer needs one choice for each prompt, none of them empty", () => {
  fc.assert(
    fc.property(anyPrompts, fc.nat(), (prompts, pick) => {
      const choices = prompts.map(fitting);
      expect(answer(asked(prompts), given(choices.slice(1)))).toMatchObject({
        problem: { kind: "wrong-count" },
      });
      expect(answer(asked(prompts), given([...choices, ...choices]))).toMatchObject({
        problem: { kind: "wrong-count", expected: prompts.length, got: 2 * prompts.length },
      });
      const prompt = pick % prompts.length;
      expect(answer(asked(prompts), given(choices.with(prompt, { labels: [], text: " \n" })))).toEqual({
        problem: { kind: "empty", prompt },
      });
    }),
  );
});

it("[QA5] only options that were offered can be chosen, and several only where that was offered", () => {
  fc.assert(
    fc.property(anyPrompt, (prompt) => {
      const unknown = "no such option, surely";
      expect(answer(asked([prompt]), given([{ labels: [unknown], text: "" }]))).toEqual({
        problem: { kind: "unknown-option", prompt: 0, label: unknown },
      });
      const labels = prompt.options.map((option) => option.label);
      if (labels.length < 2) return;
      const result = answer(asked([prompt]), given([{ labels, text: "" }]));
      expect("question" in result).toBe(prompt.multiple);
    }),
  );
});

it("[QA6] a typed line is the options that it names, by label or number, else free text", () => {
  const options = ["bcrypt", "argon2", "2"].map((label) => ({ label, description: "" }));
  const prompt = { text: "Which?", header: "", options, multiple: false };
  const typed = (text: string, multiple = false) => choiceFromText({ ...prompt, multiple }, text);
  expect(typed(" 1 ")).toEqual({ labels: ["bcrypt"], text: "" });
  // What a label says comes before where it stands.
  expect(typed("2").labels).toEqual(["2"]);
  expect(typed("4")).toEqual({ labels: [], text: "4" });
  expect(typed("3, BCRYPT, 1", true)).toEqual({ labels: ["2", "bcrypt"], text: "" });
  for (const [text, multiple] of [
    ["1, 2", false],
    ["bcrypt, or what you like", true],
    ["1,,2", true],
  ] as const)
    expect(typed(text, multiple)).toEqual({ labels: [], text });
  fc.assert(
    fc.property(anyPrompt, fc.string(), (prompt, text) => {
      for (const option of prompt.options) {
        expect(choiceFromText(prompt, `  ${option.label} `)).toEqual({ labels: [option.label], text: "" });
        const [chosen] = choiceFromText(prompt, option.label.toUpperCase()).labels;
        expect(chosen?.toLowerCase()).toBe(option.label.toLowerCase());
      }
      if (/\d/.test(text)) return;
      const choice = choiceFromText(prompt, text);
      expect(choiceAsText(choice).toLowerCase()).toBe(text.trim().toLowerCase());
    }),
  );
});

it("[QA7] what the agent reads holds labels and free text", () => {
  expect(choiceAsText({ labels: ["bcrypt", "argon2"], text: " both " })).toBe("bcrypt, argon2, both");
  expect(choiceAsText({ labels: [], text: "" })).toBe("");
});

it("[QA8] every problem is told in words", () => {
  expect(
    [
      { kind: "already-answered", by: "Ada", at: "noon", said: "argon2" } as const,
      { kind: "already-answered", by: "Ada", at: "noon", said: "x".repeat(999) } as const,
      { kind: "withdrawn", reason: "stopped" } as const,
      { kind: "wrong-count", expected: 2, got: 1 } as const,
      { kind: "empty", prompt: 0 } as const,
      { kind: "one-choice-only", prompt: 1 } as const,
      { kind: "unknown-option", prompt: 2, label: "x" } as const,
    ].map(describeAnswerProblem),
  ).toEqual([
    'Ada answered it at noon: "argon2"; that answer stands.',
    `Ada answered it at noon: "${"x".repeat(200)}…"; that answer stands.`,
    "It was withdrawn: stopped",
    "It asks 2 things and got 1 answers.",
    "Part 1 has no answer.",
    "Part 2 takes one choice.",
    'Part 3 has no option "x".',
  ]);
});
