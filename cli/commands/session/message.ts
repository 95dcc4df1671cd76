import type { Command } from "commander";
import { whenHeard } from "#lib/domain/when-heard.ts";
import { createContext, type GlobalOptions } from "../../context.ts";

export function addMessage(session: Command): void {
  session
    .command("message")
    .argument("<session>", "a session's id, a unique prefix of it, or an item's id")
    .argument("<text>", "what the agent should know")
    .description("tell an agent something unasked; approved work goes back to it with your words")
    .action(async (id: string, text: string, _options: unknown, command: Command) => {
      const { output, client } = createContext(command.optsWithGlobals<GlobalOptions>());
      const { session } = await (await client()).command("session:message", { session: id, text });
      output.answer({ session }, () => output.line(`Kept for ${session.id}: ${whenHeard(session.status)}`));
    });
}
