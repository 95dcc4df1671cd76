import type { Command } from "commander";
import { choiceFromText } from "#lib/domain/question.ts";
import { isQuestionId } from "#lib/domain/ids.ts";
import type { HttpClient } from "#lib/client/http.ts";
import type { CommandInput } from "#lib/contract/wire.ts";
import { CliError } from "../../connection.ts";
import { createContext, type GlobalOptions } from "../../context.ts";

export function addAnswer(session: Command): void {
  session
    .command("answer")
    .argument(
      "<session-question-answer...>",
      "<session> <question> <answer>, or only <answer> where one question is open",
    )
    .usage("<session> <question> <answer> [<answer> of the next part …]")
    .description(
      "answer a question; an option's label or number chooses it (several with commas between, where several may be chosen), anything else is free text",
    )
    .action(async (words: string[], _options: unknown, command: Command) => {
      const { output, client } = createContext(command.optsWithGlobals<GlobalOptions>());
      const connected = await client();
      const { question, delivery } = await connected.command(
        "question:answer",
        await inputOf(connected, words),
      );
      output.answer({ question, delivery }, () =>
        output.line(delivery === "delivered" ? "delivered" : "kept, delivered on resume"),
      );
    });
}

async function inputOf(
  client: HttpClient,
  words: readonly string[],
): Promise<CommandInput<"question:answer">> {
  const [session, question, ...answers] = words;
  if (words.length === 1) return { text: words[0] ?? "" };
  if (session === undefined || question === undefined || answers.length === 0) {
    throw new CliError(
      "An answer needs a session, a question and a text.",
      'Such as: amplify session answer session-bd-auth-1-x7k2pq q-1 "Use bcrypt".',
    );
  }
  if (!isQuestionId(question))
    throw new CliError(`${JSON.stringify(question)} is not a question's id.`, "Ids look like q-1.");
  if (answers.length === 1) return { session, question, text: answers[0] ?? "" };
  const { questions } = await client.read("session", { session });
  const asked = questions.find(({ id }) => id === question);
  // An unknown question is the server's to refuse: it lists the open ones.
  const prompts = asked?.prompts ?? [];
  const choices = answers.map((text, i) => {
    const choice = prompts[i] ? choiceFromText(prompts[i], text) : { labels: [], text };
    return { labels: [...choice.labels], text: choice.text };
  });
  return { session, question, choices };
}
