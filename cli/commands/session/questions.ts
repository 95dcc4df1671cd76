import type { Command } from "commander";
import type { QuestionView } from "#lib/contract/wire.ts";
import { choiceAsText, type Scene } from "#lib/domain/question.ts";
import { createContext, type GlobalOptions } from "../../context.ts";
import { faint, heading, plain, since, type Output } from "../../output.ts";

export function addQuestions(session: Command): void {
  session
    .command("questions")
    .argument("[session]", "all that one session asked: its id, a unique prefix of it, or an item's id")
    .description("list the questions that wait for an answer, or all of one session")
    .option("--all", "answered and withdrawn ones too")
    .action(async (id: string | undefined, options: { all?: boolean }, command: Command) => {
      const { output, client, repository } = createContext(command.optsWithGlobals<GlobalOptions>());
      if (id !== undefined) {
        const { session, questions: own } = await (await client()).read("session", { session: id });
        output.answer(own, () => {
          if (own.length === 0) output.line(`${session.id} has asked nothing.`);
          const { id: of, repository: where, item } = session;
          for (const question of own) {
            printQuestion(output, { session: of, repository: where, item, question, downstream: 0 });
          }
        });
        return;
      }
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
  const { role, phase } = question.asker;
  output.line(
    heading(`${question.id}  ${session}  (${item.id}, asked ${since(question.askedAt)} ago${behind})`),
  );
  output.line(faint(`  ${plain(role)}, in the ${plain(phase)}`));
  if (question.context.trim() !== "") output.line(indented(plain(question.context.trim())));
  for (const [index, prompt] of question.prompts.entries()) {
    const number = question.prompts.length > 1 ? `${index + 1}. ` : "";
    output.line(`  ${number}${plain(prompt.text)}${prompt.multiple ? faint("  (choose any)") : ""}`);
    for (const [place, option] of prompt.options.entries()) {
      output.line(
        `    ${place + 1}) ${plain(option.label)}${option.description ? faint(`  ${plain(option.description)}`) : ""}`,
      );
    }
  }
  if (question.scene) printScene(output, question.scene);
  if (question.status === "open") {
    const holes = question.prompts.map(() => '"<answer>"').join(" ");
    output.line(faint(`  amplify session answer ${session} ${question.id} ${holes}`));
  } else if (question.status === "answered") {
    const { choices, by, at, rule } = question.answer;
    output.line(`  → ${choices.map((choice) => plain(choiceAsText(choice))).join(" · ")}`);
    const delivered = question.deliveredAt
      ? `, delivered at ${question.deliveredAt}`
      : ", kept until the session goes on";
    output.line(faint(`  by ${plain(by)} at ${at}${delivered}`));
    if (rule !== undefined) output.line(faint(`  amplify answers remove ${rule}`));
  } else output.line(faint(`  withdrawn at ${question.at}: ${plain(question.reason)}`));
}

/** What the agent was doing when it asked. */
function printScene(output: Output, { said, tool, changes, uncommitted }: Scene): void {
  const { files, added, removed } = changes;
  const parts = [
    files > 0
      ? `${files} file${files === 1 ? "" : "s"} changed (+${added} −${removed})`
      : "nothing committed yet",
    ...(uncommitted.length > 0 ? [`${uncommitted.length} uncommitted`] : []),
    ...(tool === null ? [] : [`in ${plain(tool)}`]),
  ];
  output.line(faint(`  then: ${parts.join(", ")}`));
  const last = plain(said).split("\n").at(-1)?.slice(0, 200) ?? "";
  if (last !== "") output.line(faint(`  last said: ${last}`));
}

function indented(text: string): string {
  return text.replace(/^/gm, "  ");
}
