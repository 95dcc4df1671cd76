import { InvalidArgumentError, type Command } from "commander";
import type { CommentView } from "#lib/contract/wire.ts";
import { placeOf } from "#lib/domain/comment.ts";
import { createContext, type GlobalOptions } from "../../context.ts";
import { faint, plain, type Output } from "../../output.ts";

interface CommentOptions {
  readonly old?: boolean;
  readonly delete?: string;
}

export function addComment(session: Command): void {
  session
    .command("comment")
    .argument("<session>", "a session's id, a unique prefix of it, or an item's id")
    .argument("[place]", "<file> or <file>:<line> of the change", parsePlace)
    .argument("[text]", "what is to be said there")
    .option("--old", "the line is counted as it was before the change")
    .option("--delete <comment>", "take one back that was not sent yet, such as c-1")
    .description("comment on a line of a session's diff, for its next rework; alone it lists the comments")
    .action(
      async (
        id: string,
        place: Place | undefined,
        text: string | undefined,
        options: CommentOptions,
        command: Command,
      ) => {
        const { output, client } = createContext(command.optsWithGlobals<GlobalOptions>());
        const connected = await client();
        if (options.delete !== undefined) {
          const input = { session: id, comment: options.delete };
          const answer = await connected.command("comment:remove", input);
          output.answer(answer, () => output.line(`Took ${input.comment} back.`));
          return;
        }
        if (place === undefined) {
          const { comments } = await connected.read("session", { session: id });
          output.answer(comments, () => printComments(output, comments));
          return;
        }
        if (text === undefined) throw new InvalidArgumentError("The text is missing.");
        const side = options.old ? "old" : "new";
        const { comment, session } = await connected.command("comment:add", {
          session: id,
          ...place,
          side,
          text,
        });
        output.answer({ comment, session }, () => {
          output.line(`Kept as ${comment.id} at ${plain(placeOf(comment))}.`);
          output.line(faint(`Send it with \`amplify session rework ${session.item.id}\`.`));
        });
      },
    );
}

interface Place {
  readonly file: string;
  readonly line: number | null;
}

/** `src/a.ts:12`; a name that ends in a colon and digits itself is given with its line. */
function parsePlace(text: string): Place {
  const [, file, line] = /^(.+):(\d{1,8})$/.exec(text) ?? [];
  if (file !== undefined && Number(line) < 1) throw new InvalidArgumentError("Lines count from 1.");
  return file === undefined ? { file: text, line: null } : { file, line: Number(line) };
}

function printComments(output: Output, comments: readonly CommentView[]): void {
  if (comments.length === 0) output.line("No comments.");
  for (const comment of comments) {
    const sent = comment.status === "sent" ? "  sent" : "";
    output.line(`${comment.id}  ${plain(placeOf(comment))}  ${plain(comment.by)}${sent}`);
    output.line(`    ${plain(comment.text).replaceAll("\n", "\n    ")}`);
  }
}
