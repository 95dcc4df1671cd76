import path from "node:path";
import type { Command } from "commander";
import { createContext, type GlobalOptions } from "../context.ts";
import { registeredAs } from "../repository.ts";
import { faint, plain, table } from "../output.ts";

export function addRepo(program: Command): void {
  const repo = program.command("repo").description("the repositories that Amplify manages");

  repo
    .command("add")
    .argument("[path]", "a folder in the repository", ".")
    .description("register a git repository")
    .action(async (folder: string, _options: unknown, command: Command) => {
      const { output, client, folder: from } = createContext(command.optsWithGlobals<GlobalOptions>());
      const { repository, added } = await (
        await client()
      ).command("repository:add", { path: path.resolve(from, folder) });
      output.answer({ repository, added }, () => {
        output.line(`${added ? "Registered" : "Already registered"}: ${repository.root}`);
        output.line(
          faint(`base ${repository.base}, backlog ${repository.source === "beads" ? "Beads" : "built-in"}`),
        );
        if (repository.problem) output.line(repository.problem);
      });
    });

  repo
    .command("list")
    .description("list the registered repositories")
    .action(async (_options: unknown, command: Command) => {
      const { output, client } = createContext(command.optsWithGlobals<GlobalOptions>());
      const repositories = await (await client()).read("repositories", {});
      output.answer(repositories, () => {
        if (repositories.length === 0)
          output.line("No repository is registered. Add one with `amplify repo add <path>`.");
        const rows = repositories.map((each) => [
          each.name,
          each.base,
          each.source,
          each.alarms[0] ? `ALARM: ${plain(each.alarms[0].text)}` : (each.problem ?? "ok"),
          each.root,
        ]);
        for (const row of table(rows)) output.line(row);
      });
    });

  repo
    .command("remove")
    .argument("[path]", "the repository's folder, or its name")
    .description("manage a repository no longer; nothing in it is touched, and what is known of it is kept")
    .action(async (named: string | undefined, _options: unknown, command: Command) => {
      const { output, client, folder, requireRepository } = createContext(
        command.optsWithGlobals<GlobalOptions>(),
      );
      const { id } = await (named === undefined
        ? requireRepository()
        : registeredAs(await client(), folder, named));
      const removed = await (await client()).command("repository:remove", { repository: id });
      output.answer(removed, () => output.line(`Removed: ${removed.repository.root}`));
    });

  repo
    .command("acknowledge")
    .argument("[note]", "what you found, for the record", "")
    .description("end a repository's alarms after you have looked; landings go on")
    .action(async (note: string, _options: unknown, command: Command) => {
      const { output, client, requireRepository } = createContext(command.optsWithGlobals<GlobalOptions>());
      const { id } = await requireRepository();
      const answer = await (await client()).command("repository:acknowledge", { repository: id, note });
      output.answer(answer, () => {
        if (answer.acknowledged.length === 0) output.line("There is no alarm.");
        for (const { text } of answer.acknowledged) output.line(`Acknowledged: ${plain(text)}`);
      });
    });
}
