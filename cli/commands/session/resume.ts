import type { Command } from "commander";
import { createContext, type GlobalOptions } from "../../context.ts";

interface ResumeOptions {
  readonly fresh?: boolean;
  readonly note: string;
  readonly interrupted?: boolean;
  readonly all?: boolean;
}

export function addResume(session: Command): void {
  session
    .command("resume")
    .argument("[session]", "a session's id, a unique prefix of it, or an item's id")
    .option("--fresh", "begin a new conversation with a summary of the old one")
    .option("--note <text>", "what to tell the agent", "")
    .option("--interrupted", "everything that a restart of the machine has cut off in this repository")
    .option("--all", "as --interrupted, in every repository")
    .description("go on with a session that failed, was stopped or interrupted")
    .action(async (id: string | undefined, options: ResumeOptions, command: Command) => {
      const { output, client, repository } = createContext(command.optsWithGlobals<GlobalOptions>());
      const isMany = options.all === true || options.interrupted === true;
      if ((id === undefined) !== isMany)
        command.error("Name one session, or resume many with --interrupted or --all.");
      if (id !== undefined) {
        const { session } = await (
          await client()
        ).command("session:resume", { session: id, fresh: options.fresh ?? false, note: options.note });
        output.answer({ session }, () => output.line(`Resuming ${session.id}.`));
        return;
      }
      const about = options.all === true ? null : await repository();
      const order = { repository: about?.id ?? null, all: options.all ?? false };
      const answer = await (await client()).command("session:resume-interrupted", order);
      output.answer(answer, () => {
        for (const each of answer.resumed) output.line(`${each} goes on as soon as there is room.`);
        if (answer.resumed.length === 0) output.line("Nothing is interrupted.");
      });
    });
}
