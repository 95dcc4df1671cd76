import type { Command } from "commander";
import type { StandingAnswerView } from "#lib/contract/wire.ts";
import { isQuestionId } from "#lib/domain/ids.ts";
import { choiceAsText, choiceFromText } from "#lib/domain/question.ts";
import { CliError } from "../connection.ts";
import { createContext, type GlobalOptions } from "../context.ts";
import { faint, heading, plain, type Output } from "../output.ts";

interface AddOptions {
  readonly anyOptions?: boolean;
  readonly agent?: string;
  readonly replaces?: string;
}

export function addAnswers(program: Command): void {
  const answers = program
    .command("answers")
    .description("standing answers: given to every question like the one that they were made for");

  answers
    .command("list")
    .description("list the standing answers of this repository, or of all")
    .option("--all", "revoked ones too")
    .action(async ({ all = false }: { all?: boolean }, command: Command) => {
      const { output, client, repository } = createContext(command.optsWithGlobals<GlobalOptions>());
      const about = await repository();
      const list = await (await client()).read("answers", { repository: about?.id ?? null, all });
      output.answer(list, () => {
        if (list.length === 0) output.line("There is no standing answer; a person is asked every time.");
        for (const each of list) print(output, each);
      });
    });

  answers
    .command("add")
    .argument("<session>", "a session's id, a unique prefix of it, or an item's id")
    .argument("<question>", "the question that it is like, such as q-1")
    .argument("[answer...]", "one per part; without it the answer that the question got")
    .option("--any-options", "also where the same words come with other options")
    .option("--agent <type>", "only for questions of this agent type")
    .option("--replaces <number>", "revoke this standing answer with it")
    .description("give the same answer to every later question of this repository that is like this one")
    .action(async (ref: string, id: string, texts: string[], options: AddOptions, command: Command) => {
      const { output, client } = createContext(command.optsWithGlobals<GlobalOptions>());
      if (!isQuestionId(id))
        throw new CliError(`${JSON.stringify(id)} is not a question's id.`, "Ids look like q-1.");
      const connected = await client();
      const { session, questions } = await connected.read("session", { session: ref });
      const question = questions.find((each) => each.id === id);
      if (!question) throw new CliError(`${session.id} has no question ${id}.`);
      const { prompts } = question;
      const { answer } = await connected.command("answers:add", {
        from: { session: session.id, question: id },
        rule: {
          texts: prompts.map(({ text }) => text),
          options:
            options.anyOptions === true
              ? null
              : prompts.map((prompt) => prompt.options.map(({ label }) => label)),
          agentType: options.agent ?? null,
        },
        choices:
          texts.length === 0
            ? null
            : texts.map((text, index) => {
                const choice = prompts[index] ? choiceFromText(prompts[index], text) : { labels: [], text };
                return { labels: [...choice.labels], text: choice.text };
              }),
        replaces: options.replaces === undefined ? null : numberOf(options.replaces),
      });
      output.answer({ answer }, () => print(output, answer));
    });

  answers
    .command("remove")
    .argument("<number>", "the standing answer's number, such as 3 or #3")
    .description("revoke a standing answer: a person is asked again; what it answered stands")
    .action(async (number: string, _options: unknown, command: Command) => {
      const { output, client } = createContext(command.optsWithGlobals<GlobalOptions>());
      const { answer } = await (await client()).command("answers:remove", { id: numberOf(number) });
      output.answer({ answer }, () => output.line(`Revoked standing answer #${answer.id}.`));
    });
}

function numberOf(text: string): number {
  const number = Number(/^#?(\d{1,9})$/.exec(text)?.[1]);
  if (!(number > 0)) throw new CliError(`${JSON.stringify(text)} is no standing answer's number.`);
  return number;
}

function print(
  output: Output,
  { id, rule, choices, by, createdAt, used, usedAt, revokedAt, revokedBy }: StandingAnswerView,
) {
  output.line(heading(`#${id}  by ${plain(by)} at ${createdAt}${revokedAt ? "  revoked" : ""}`));
  for (const [index, text] of rule.texts.entries()) {
    output.line(`  ${plain(text)}`);
    const choice = choices[index];
    if (choice) output.line(`  → ${plain(choiceAsText(choice))}`);
  }
  const limits = [
    rule.options === null ? "whatever its options" : "with the same options",
    ...(rule.agentType === null ? [] : [`of ${plain(rule.agentType)}`]),
  ];
  output.line(
    faint(
      `  for the same words ${limits.join(" ")}; used ${used} times${usedAt ? `, last at ${usedAt}` : ""}`,
    ),
  );
  if (revokedAt) output.line(faint(`  revoked by ${plain(revokedBy ?? "")} at ${revokedAt}`));
}
