import type { Command } from "commander";
import type { QuestionView } from "#lib/contract/wire.ts";
import { choiceAsText } from "#lib/domain/question.ts";
import { createContext, type GlobalOptions } from "../../context.ts";
import { faint, heading, plain, since, type Output } from "../../output.ts";

export function addQuestions(session: Command): void {
  session
    .command("questions")
    .description("list the questions that wait for an answer")
    .option("--all", "answered and withdrawn ones too")
    .action(async (options: { all?: boolean }, command: Command) => {
      const { output, client, repository } = createContext(command.optsWithGlobals<GlobalOptions>());
      const about = await repository();
      const questions = await (
        await client()
      ).read("questions", { repository: about?.id ?? null, all: options.all ?? false });
      output.answer(questions, () => {
        if (questions.length === 0) output.line("No question is open.");
        for (const each of questions) printQuestion(output, each);
      });
    });
}

export function printQuestion(output: Output, { session, item, question, downstream }: QuestionView): void {
  const behind = downstream > 0 ? `, ${downstream} item${downstream === 1 ? "" : "s"} wait behind it` : "";
  output.line(
    heading(`${question.id}  ${session}  (${item.id}, asked ${since(question.askedAt)} ago${behind})`),
  );
  for (const prompt of question.prompts) {
    output.line(`  ${plain(prompt.text)}`);
    for (const option of prompt.options) {
      output.line(
        `    - ${plain(option.label)}${option.description ? faint(`  ${plain(option.description)}`) : ""}`,
      );
    }
  }
  if (question.status === "open") {
    const holes = question.prompts.map(() => '"<answer>"').join(" ");
    output.line(faint(`  amplify session answer ${session} ${question.id} ${holes}`));
  } else if (question.status === "answered") {
    const { choices, by, at } = question.answer;
    output.line(`  → ${choices.map((choice) => plain(choiceAsText(choice))).join(" · ")}`);
    output.line(
      faint(`  by ${plain(by)} at ${at}${question.deliveredAt ? "" : ", kept until the session goes on"}`),
    );
  } else output.line(faint(`  withdrawn: ${plain(question.reason)}`));
}
