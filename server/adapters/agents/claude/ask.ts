import { z } from "zod";
import type { Prompt } from "#lib/domain/question.ts";
import { choiceAsText } from "#lib/domain/question.ts";
import type { DeliveredAnswer } from "./step-files.ts";

export const serverName = "amplify";
export const askTool = `mcp__${serverName}__ask_question`;
export const permitTool = `mcp__${serverName}__permit`;
/** The CLI's own way to ask. */
export const nativeAskTool = "AskUserQuestion";

/** Input of our tool, as the model sees it. Limits are those of `questions.json`. */
export const askInput = z.object({
  prompts: z
    .array(
      z.object({
        text: z.string().min(1).max(20_000).describe("The question, complete in itself."),
        header: z.string().max(200).default("").describe("Two or three words that name it."),
        options: z
          .array(
            z.object({
              label: z.string().min(1).max(1000).describe("A few words."),
              description: z.string().max(5000).default("").describe("What choosing it means."),
            }),
          )
          .max(20)
          .default([])
          .describe("Likely answers, the recommended one first. Free text is always possible too."),
        multiple: z.boolean().default(false).describe("Whether several options may be chosen."),
      }),
    )
    .min(1)
    .max(20)
    .describe("Everything that you need to know, in one call."),
  context: z
    .string()
    .max(50_000)
    .default("")
    .describe("Markdown: why you ask, what you found out, what depends on it."),
});

const nativeInput = z.object({
  questions: z
    .array(
      z.object({
        question: z.string().min(1).max(20_000),
        header: z.string().max(200).default(""),
        multiSelect: z.boolean().default(false),
        options: z
          .array(
            z.object({ label: z.string().min(1).max(1000), description: z.string().max(5000).default("") }),
          )
          .max(20)
          .default([]),
      }),
    )
    .min(1)
    .max(20),
});

export type Ask =
  { readonly prompts: readonly Prompt[]; readonly context: string } | { readonly problem: string };

/** What a call of either tool asks, or what makes it unreadable. */
export function readAsk(tool: string, input: unknown): Ask {
  if (tool === nativeAskTool) {
    const read = nativeInput.safeParse(input);
    if (!read.success) return { problem: firstIssue(read.error) };
    const prompts = read.data.questions.map(({ question, multiSelect, ...rest }) => ({
      ...rest,
      text: question,
      multiple: multiSelect,
    }));
    return { prompts, context: "" };
  }
  const read = askInput.safeParse(input);
  return read.success ? read.data : { problem: firstIssue(read.error) };
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  return `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "it does not fit"}`;
}

/** The input with which an answered call is repeated. Both tools take `answers`, in their own shape. */
export function answeredInput(
  tool: string,
  input: Readonly<Record<string, unknown>>,
  { prompts, choices }: DeliveredAnswer,
): Record<string, unknown> {
  const pairs = prompts.map((prompt, index) => {
    const choice = choices[index];
    return { question: prompt.text, answer: choice ? choiceAsText(choice) : "" };
  });
  const answers =
    tool === nativeAskTool
      ? Object.fromEntries(pairs.map(({ question, answer }) => [question, answer]))
      : pairs;
  return { ...input, answers };
}

/** What the model reads, as the result of the tool or as a new order. */
export function answerAsText({ prompts, choices }: Omit<DeliveredAnswer, "toolUseId">): string {
  return prompts
    .map((prompt, index) => {
      const choice = choices[index];
      return `Question: ${prompt.text}\nAnswer: ${choice ? choiceAsText(choice) : ""}`;
    })
    .join("\n\n");
}
