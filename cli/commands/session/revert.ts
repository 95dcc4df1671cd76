import type { Command } from "commander";
import { createContext, type GlobalOptions } from "../../context.ts";
import { followLandings } from "../../follow-landings.ts";
import { faint } from "../../output.ts";
import { printLanding } from "./merge.ts";

export function addRevert(session: Command): void {
  session
    .command("revert")
    .argument("<session>", "a session's id, a unique prefix of it, or an item's id")
    .requiredOption("--reason <text>", "why; the item gets it when it is opened again")
    .description("take landed work back by a revert commit, and open its item again; waits until it is done")
    .action(async (id: string, options: { reason: string }, command: Command) => {
      const { output, client } = createContext(command.optsWithGlobals<GlobalOptions>());
      const connected = await client();
      const [landing] = await followLandings(
        connected,
        async () => [
          (await connected.command("merge:revert", { session: id, reason: options.reason })).landing,
        ],
        (each) => {
          if (!output.json && each.step !== null) output.note(faint(`${each.item}: ${each.step}`));
        },
      );
      output.answer({ landing }, () => {
        if (landing) printLanding(output, landing);
      });
      if (landing?.status !== "landed") process.exitCode = 1;
    });
}
