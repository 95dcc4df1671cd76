import type { Command } from "commander";
import { createContext, type GlobalOptions } from "../context.ts";
import { awaitAnswer } from "../ask/await-answer.ts";
import { ownSession } from "../ask/own-session.ts";
import { CliError } from "../connection.ts";
import { plain } from "../output.ts";

interface AskOptions {
  readonly option?: readonly string[];
  readonly multi?: boolean;
  readonly header?: string;
  readonly context?: string;
}

/** Ended by Ctrl-C, as shells count it. */
const interrupted = 130;
/** Nobody will answer any more: the session has ended. */
const withdrawn = 4;

export function addAsk(program: Command): void {
  program
    .command("ask")
    .argument("<question>", "what you have to know, complete in itself")
    .option("--option <label[: description]>", "a likely answer; repeat it for more", collect)
    .option("--multi", "several options may be chosen")
    .option("--header <words>", "two or three words that name the question")
    .option("--context <markdown>", "why you ask, and what depends on it")
    .description("ask a person from inside a session's worktree, wait for the answer and print it")
    .action(async (text: string, options: AskOptions, command: Command) => {
      const { output, folder } = createContext(command.optsWithGlobals<GlobalOptions>());
      if (text.trim() === "") throw new CliError("The question is empty.");
      const session = await ownSession(folder);
      const stop = new AbortController();
      let open: string | null = null;
      const leave = () => {
        output.note(
          `\nThe question ${open === null ? "" : `${open} `}stays open; its answer is told to the agent when it goes on.`,
        );
        process.exit(interrupted);
      };
      process.once("SIGINT", leave);
      process.once("SIGTERM", leave);
      const end = await awaitAnswer(session.directory, askOf(text, options), {
        signal: stop.signal,
        onAsked: (question) => {
          open = question;
          output.note(
            `${question} waits for an answer: amplify session answer ${session.id} ${question} "<answer>"`,
          );
        },
      });
      process.off("SIGINT", leave);
      process.off("SIGTERM", leave);
      if (end.kind === "refused") {
        throw new CliError(
          "The question was not taken in.",
          "Its text or an option is too long, or too many questions of this session wait already.",
        );
      }
      if (end.kind === "too-late") {
        throw new CliError(
          `${session.id} was ${end.status} before it took the question in; nobody is asked.`,
          `Resume it first: amplify session resume ${session.id}`,
        );
      }
      if (end.kind === "withdrawn") {
        output.note(`${end.question} was withdrawn: ${plain(end.reason)}`);
        process.exitCode = withdrawn;
        return;
      }
      output.answer(end, () => {
        for (const { labels, text: words } of end.choices) {
          for (const label of labels) output.line(plain(label));
          if (words.trim() !== "") output.line(plain(words.trim()));
        }
      });
    });
}

function collect(label: string, before: readonly string[] = []): readonly string[] {
  return [...before, label];
}

function askOf(text: string, { option = [], multi = false, header = "Question", context = "" }: AskOptions) {
  return {
    question: text,
    header,
    options: option.map((each) => {
      const [, label = each, description = ""] = /^(.+?): (.+)$/s.exec(each) ?? [];
      return { label: label.trim(), description: description.trim() };
    }),
    multiple: multi,
    context,
  };
}
