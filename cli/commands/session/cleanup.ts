import type { Command } from "commander";
import { createContext, type GlobalOptions } from "../../context.ts";
import { plain } from "../../output.ts";

export function addCleanup(session: Command): void {
  session
    .command("cleanup")
    .option("--dry-run", "only say what would be recorded")
    .description(
      "look at every living session: dead ones are judged by their runner, silent ones marked stale",
    )
    .action(async (options: { dryRun?: boolean }, command: Command) => {
      const { output, client, repository } = createContext(command.optsWithGlobals<GlobalOptions>());
      const about = await repository();
      const result = await (
        await client()
      ).command("session:cleanup", { repository: about?.id ?? null, dryRun: options.dryRun ?? false });
      output.answer(result, () => {
        for (const { session, was, found, done } of result.findings) {
          output.line(`${session}: ${was} → ${done}. ${plain(found)}`);
        }
        if (result.findings.length === 0)
          output.line(`Looked at ${result.checked} sessions; all is as it says.`);
      });
    });
}
