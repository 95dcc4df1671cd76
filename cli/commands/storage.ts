import type { Command } from "commander";
import type { StorageView } from "#lib/contract/wire.ts";
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
      output.answer(backup, () => output.line(`${backup.file} (${size(backup.bytes)})`));
    });
}

function printStorage(output: Output, view: StorageView): void {
  const rows = view.repositories.flatMap(({ name, sessions, worktrees, archives }) => [
    [plain(name), `${sessions.count} sessions`, size(sessions.bytes)],
    ["", `${worktrees.count} worktrees`, size(worktrees.bytes)],
    ["", `${archives.count} archives`, size(archives.bytes)],
  ]);
  const backups = view.backups.reduce((sum, { bytes }) => sum + bytes, 0);
  const own = [
    ["data folder", "database", size(view.databaseBytes)],
    ["", `${view.backups.length} backups`, size(backups)],
    ["", "free", size(view.freeBytes)],
  ];
  for (const row of table([...rows, ...own])) output.line(row);
  output.line(faint(`measured ${since(view.measuredAt)} ago`));
}

function size(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** step;
  return `${value.toFixed(value < 10 && step > 0 ? 1 : 0)} ${units[step] ?? "B"}`;
}
