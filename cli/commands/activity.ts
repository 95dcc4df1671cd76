import type { Command } from "commander";
import { createContext, type GlobalOptions } from "../context.ts";
import { faint, plain } from "../output.ts";

export function addActivity(program: Command): void {
  program
    .command("activity")
    .description("what happened, newest last: who did what")
    .option("-n, --limit <number>", "how much of it", "50")
    .option("--people", "only what people did")
    .action(async ({ limit, people }: { limit: string; people?: boolean }, command: Command) => {
      const { output, client, repository } = createContext(command.optsWithGlobals<GlobalOptions>());
      const about = await repository();
      const read = (await client()).read("activity", {
        repository: about?.id ?? null,
        people: people ?? false,
        limit,
      });
      const { facts } = await read;
      output.answer(facts, () => {
        if (facts.length === 0) output.line("Nothing has happened yet.");
        for (const { at, text } of facts.toReversed()) output.line(`${faint(at)}  ${plain(text)}`);
      });
    });
}
