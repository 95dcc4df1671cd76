import type { Command } from "commander";
import { createContext, type GlobalOptions } from "../../context.ts";

export function addStop(session: Command): void {
  session
    .command("stop")
    .argument("<session>", "a session's id, a unique prefix of it, or an item's id")
    .option("--discard", "give the work up: it is archived, and the item is released")
    .option("--reason <text>", "why, for the record", "")
    .description("end a session and everything that it started; its work is kept")
    .action(async (id: string, options: { discard?: boolean; reason: string }, command: Command) => {
      const { output, client } = createContext(command.optsWithGlobals<GlobalOptions>());
      const { session } = await (
        await client()
      ).command("session:stop", { session: id, discard: options.discard ?? false, reason: options.reason });
      output.answer({ session }, () => output.line(`Stopping ${session.id}.`));
    });
}
