import type { Command } from "commander";
import { createContext, type GlobalOptions } from "../../context.ts";
import { faint, plain } from "../../output.ts";

export function addDispatchReady(session: Command): void {
  session
    .command("dispatch-ready")
    .argument("[project]", "a label of items; auth and project:auth are the same")
    .description("give every item that can be worked on its own session; those over the limit are queued")
    .action(async (project: string | undefined, _options: unknown, command: Command) => {
      const { output, client, adopt } = createContext(command.optsWithGlobals<GlobalOptions>());
      const repository = await adopt();
      const input = { repository: repository.id, project: project ?? null };
      const { dispatched, skipped } = await (await client()).command("session:dispatch-ready", input);
      output.answer({ dispatched, skipped }, () => {
        if (dispatched.length === 0) output.line("Nothing is ready that has no session.");
        for (const { id, item, agent, status } of dispatched)
          output.line(`Dispatched ${item.id} (${agent.type}: ${agent.why})  ${id}  ${status}`);
        for (const { item, title, why } of skipped)
          output.line(`Skipped ${item}: ${plain(why)}  ${faint(plain(title))}`);
      });
    });
}
