import type { Command } from "commander";
import { createContext, type GlobalOptions } from "../../context.ts";

export function addResume(session: Command): void {
  session
    .command("resume")
    .argument("<session>", "a session's id, a unique prefix of it, or an item's id")
    .option("--fresh", "begin a new conversation with a summary of the old one")
    .option("--note <text>", "what to tell the agent", "")
    .description("go on with a session that failed, was stopped or interrupted")
    .action(async (id: string, options: { fresh?: boolean; note: string }, command: Command) => {
      const { output, client } = createContext(command.optsWithGlobals<GlobalOptions>());
      const { session } = await (
        await client()
      ).command("session:resume", { session: id, fresh: options.fresh ?? false, note: options.note });
      output.answer({ session }, () => output.line(`Resuming ${session.id}.`));
    });
}
