import type { Command } from "commander";
import type { StorageView } from "#lib/contract/wire.ts";
import { bytesText } from "#lib/domain/bytes-text.ts";
import { createContext, type GlobalOptions } from "../context.ts";
import { faint, type Output, plain, since, table } from "../output.ts";

export function addStorage(program: Command): void {
  const storage = program
    .command("storage")
    .description("what lies on the disk, what may go, and copies of the database");

  storage
    .command("show")
    .description("show what sessions, worktrees and archives take up")
    .action(async (_options: unknown, command: Command) => {
      const { output, client } = createContext(command.optsWithGlobals<GlobalOptions>());
      const view = await (await client()).read("storage", {});
      output.answer(view, () => printStorage(output, view));
    });

  storage
    .command("prune")
    .option("--dry-run", "only say what would go")
    .description("remove directories of ended sessions and archives that are older than the retention")
    .action(async (options: { dryRun?: boolean }, command: Command) => {
      const { output, client } = createContext(command.optsWithGlobals<GlobalOptions>());
      const dryRun = options.dryRun ?? false;
      const answer = await (await client()).command("storage:prune", { dryRun });
      output.answer(answer, () => {
        for (const { kind, name, why } of answer.pruned) output.line(`${kind}  ${name}  ${faint(why)}`);
        const count = answer.pruned.length;
        if (count === 0) output.line("Nothing is older than the retention.");
        else output.line(`${count} ${dryRun ? "would go" : "removed"}.`);
      });
    });

  storage
    .command("backup")
    .description("copy the database while it is in use")
    .action(async (_options: unknown, command: Command) => {
      const { output, client } = createContext(command.optsWithGlobals<GlobalOptions>());
      const backup = await (await client()).command("backup:create", {});
      output.answer(backup, () => output.line(`${backup.file} (${bytesText(backup.bytes)})`));
    });
}

function printStorage(output: Output, view: StorageView): void {
  const rows = view.repositories.flatMap(({ name, sessions, worktrees, archives }) => [
    [plain(name), `${sessions.count} sessions`, bytesText(sessions.bytes)],
    ["", `${worktrees.count} worktrees`, bytesText(worktrees.bytes)],
    [
      "",
      `${archives.count} archives${archives.onlyCopies > 0 ? `, ${archives.onlyCopies} in no branch` : ""}`,
      bytesText(archives.bytes),
    ],
  ]);
  const backups = view.backups.reduce((sum, { bytes }) => sum + bytes, 0);
  const own = [
    ["data folder", "database", bytesText(view.databaseBytes)],
    ["", `${view.backups.length} backups`, bytesText(backups)],
    ["", "free", bytesText(view.freeBytes)],
  ];
  for (const row of table([...rows, ...own])) output.line(row);
  output.line(faint(`measured ${since(view.measuredAt)} ago`));
}
