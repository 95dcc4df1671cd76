import type { Command } from "commander";
import { createContext, type GlobalOptions } from "../../context.ts";

export function addRework(session: Command): void {
  session
    .command("rework")
    .argument("<session>", "a session's id, a unique prefix of it, or an item's id")
    .argument("[note]", "what is to be changed; not needed where there are comments on the diff")
    .description(
      "send work back to its agent with your note and comments; after a merge conflict the base is merged into its branch first",
    )
    .action(async (id: string, note: string | undefined, _options: unknown, command: Command) => {
      const { output, client } = createContext(command.optsWithGlobals<GlobalOptions>());
      const input = { session: id, note: note ?? "" };
      const { session } = await (await client()).command("session:rework", input);
      output.answer({ session }, () => output.line(`Sent ${session.id} back to its agent.`));
    });
}
