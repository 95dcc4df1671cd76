import type { Command } from "commander";
import { createContext, type GlobalOptions } from "../../context.ts";
import { plain } from "../../output.ts";

export function addDiff(session: Command): void {
  session
    .command("diff")
    .argument("<session>", "a session's id, a unique prefix of it, or an item's id")
    .option("--stat", "only the files and how much changed")
    .description("show what a session has changed so far")
    .action(async (id: string, options: { stat?: boolean }, command: Command) => {
      const { output, client } = createContext(command.optsWithGlobals<GlobalOptions>());
      const diff = await (await client()).read("diff", { session: id });
      output.answer(diff, () => {
        if (options.stat) {
          for (const file of diff.files)
            output.line(`${plain(file.path)}  +${file.added ?? "-"} -${file.removed ?? "-"}`);
        } else output.line(plain(diff.text).trimEnd());
        if (diff.truncated)
          output.note("The diff is longer than what is shown; use git in the worktree for all of it.");
        for (const file of diff.uncommitted) output.note(`not committed yet: ${plain(file)}`);
      });
    });
}
