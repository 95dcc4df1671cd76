import type { Command } from "commander";
import { createContext, type GlobalOptions } from "../../context.ts";
import { plain } from "../../output.ts";

export function addMerge(session: Command): void {
  session
    .command("merge")
    .argument(
      "[session]",
      "a session's id, a unique prefix of it, or an item's id; without it all approved ones land in order",
    )
    .description("land approved work on the base branch")
    .action(async (id: string | undefined, _options: unknown, command: Command) => {
      const { output, client, requireRepository } = createContext(command.optsWithGlobals<GlobalOptions>());
      const repository = await requireRepository();
      const { landings } = await (
        await client()
      ).command("merge:start", { repository: repository.id, session: id ?? null });
      output.answer(landings, () => {
        if (landings.length === 0) output.line("Nothing is approved, so nothing was merged.");
        for (const landing of landings) {
          output.line(`${landing.item}: ${landing.status}. ${plain(landing.message)}`);
          for (const file of landing.conflicts) output.line(`  conflict: ${plain(file)}`);
        }
      });
      if (landings.some(({ status }) => status !== "landed")) process.exitCode = 1;
    });
}
