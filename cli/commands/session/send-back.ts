import type { Command } from "commander";
import { createContext, type GlobalOptions } from "../../context.ts";

export function addSendBack(session: Command): void {
  session
    .command("send-back")
    .argument("<session>", "a session's id, a unique prefix of it, or an item's id")
    .argument("[note]", "what the agent should know besides", "")
    .description(
      "send work back to its agent for what its landing came to: the base is merged into its branch, or it gets the gate's output",
    )
    .action(async (id: string, note: string, _options: unknown, command: Command) => {
      const { output, client } = createContext(command.optsWithGlobals<GlobalOptions>());
      const { session } = await (await client()).command("session:send-back", { session: id, note });
      output.answer({ session }, () =>
        output.line(`Sent ${session.id} back to its agent; validation and review follow by themselves.`),
      );
    });
}
