import type { Command } from "commander";
import { createContext, type GlobalOptions } from "../context.ts";
import { printAlerts } from "../alert-lines.ts";

export function addQueue(program: Command): void {
  const queue = program.command("queue").description("what holds the queue of sessions up");
  queue
    .command("status")
    .description("show what holds work up: a limit, exhausted credit, a full disk")
    .action(async (_options: unknown, command: Command) => {
      const { output, client } = createContext(command.optsWithGlobals<GlobalOptions>());
      const alerts = await (await client()).read("alerts", {});
      output.answer(alerts, () => {
        if (alerts.length === 0) output.line("Nothing holds the queue up.");
        printAlerts(output, alerts);
      });
    });
  queue
    .command("resume")
    .argument("[account]", "the account that `queue status` names; default all of them")
    .description("let everything that waits for a limit or for credit go on now")
    .action(async (account: string | undefined, _options: unknown, command: Command) => {
      const { output, client } = createContext(command.optsWithGlobals<GlobalOptions>());
      const answer = await (await client()).command("queue:resume", { account: account ?? null });
      output.answer(answer, () => {
        for (const session of answer.resumed) output.line(`${session} goes on.`);
        if (answer.resumed.length === 0) output.line("Nothing waits for a limit or for credit.");
      });
    });
}
