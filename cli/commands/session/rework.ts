import type { Command } from "commander";
import { createContext, type GlobalOptions } from "../../context.ts";

export function addRework(session: Command): void {
  session
    .command("rework")
    .argument("<session>", "a session's id, a unique prefix of it, or an item's id")
    .argument("<note>", "what is to be changed")
    .description(
      "send work back to its agent; after a merge conflict the base is merged into its branch first",
    )
    .action(async (id: string, note: string, _options: unknown, command: Command) => {
      const { output, client } = createContext(command.optsWithGlobals<GlobalOptions>());
      const { session } = await (await client()).command("session:rework", { session: id, note });
      output.answer({ session }, () => output.line(`Sent ${session.id} back to its agent.`));
    });
}
