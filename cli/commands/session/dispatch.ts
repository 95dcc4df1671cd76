import type { Command } from "commander";
import { isItemId } from "#lib/domain/ids.ts";
import { CliError } from "../../connection.ts";
import { createContext, type GlobalOptions } from "../../context.ts";

export function addDispatch(session: Command): void {
  session
    .command("dispatch")
    .argument("<item>", "the work item's id, such as bd-auth.1")
    .argument("[agent-type]", "such as backend-engineer; without it the label, then the rules decide")
    .description("give one work item its own worktree and session; returns at once")
    .action(async (item: string, agentType: string | undefined, _options: unknown, command: Command) => {
      if (!isItemId(item))
        throw new CliError(`${JSON.stringify(item)} is not a valid item id.`, "Ids look like bd-auth.1.");
      const { output, client, adopt } = createContext(command.optsWithGlobals<GlobalOptions>());
      const repository = await adopt();
      const dispatched = await (
        await client()
      ).command("session:dispatch", { repository: repository.id, item, agentType: agentType ?? null });
      output.answer(dispatched, () => {
        const { session, replaced } = dispatched;
        if (replaced)
          output.line(
            `Replaced ${replaced.session}; its work is kept at ${replaced.archived.join(", ") || "nothing to keep"}.`,
          );
        output.line(`Dispatched ${session.item.id} (${session.agent.type}: ${session.agent.why})`);
        output.line(session.id);
      });
    });
}
