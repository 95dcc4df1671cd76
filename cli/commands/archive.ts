import type { Command } from "commander";
import type { ArchiveView } from "#lib/contract/wire.ts";
import { isSessionId } from "#lib/domain/ids.ts";
import { type Context, createContext, type GlobalOptions } from "../context.ts";
import { faint, type Output, plain, since, table } from "../output.ts";

export function addArchive(program: Command): void {
  const archive = program
    .command("archive")
    .description("work that was kept before its branch or worktree went");

  archive
    .command("list")
    .option("--all", "also what the base holds by now")
    .description("list what is kept, newest first")
    .action(async (options: { all?: boolean }, command: Command) => {
      const { output, client, repository } = createContext(command.optsWithGlobals<GlobalOptions>());
      const about = await repository();
      const all = await (await client()).read("archives", { repository: about?.id ?? null });
      const shown = options.all ? all : all.filter(({ merged }) => !merged);
      output.answer(shown, () => printList(output, shown, all.length - shown.length));
    });

  archive
    .command("show")
    .argument("<archive>", "a commit of the list, a beginning of it, or a session's id")
    .description("show what an archive changes")
    .action(async (ref: string, _options: unknown, command: Command) => {
      const context = createContext(command.optsWithGlobals<GlobalOptions>());
      const { output, client } = context;
      const id = await repositoryOf(context, ref);
      const shown = await (await client()).read("archive", { repository: id, archive: ref });
      output.answer(shown, () => {
        for (const row of table(factsOf(shown.archive))) output.line(row);
        output.line();
        for (const { path, kind } of shown.files) output.line(`${kind.padEnd(8)} ${plain(path)}`);
        if (shown.text !== "") output.line(`\n${plain(shown.text)}`);
        if (shown.truncated) output.line(faint("The rest is not shown; restore it to see all of it."));
      });
    });

  archive
    .command("restore")
    .argument("<archive>", "a commit of the list, a beginning of it, or a session's id")
    .option("--branch <name>", "the branch to make; default restored/<item>-<commit>")
    .description("make a branch of archived work; nothing else is touched")
    .action(async (ref: string, options: { branch?: string }, command: Command) => {
      const context = createContext(command.optsWithGlobals<GlobalOptions>());
      const { output, client } = context;
      const id = await repositoryOf(context, ref);
      const input = { repository: id, archive: ref, branch: options.branch ?? null };
      const restored = await (await client()).command("archive:restore", input);
      output.answer(restored, () => {
        const { branch, commit, made } = restored;
        output.line(`${made ? "Restored to" : "It is there already:"} ${branch} (${commit.slice(0, 12)}).`);
        output.line(faint(`git switch ${branch}`));
      });
    });

  archive
    .command("remove")
    .argument("<archive>", "a commit of the list, a beginning of it, or a session's id")
    .option("--force", "also work that is in no branch, and is lost then")
    .description("let archived work go for good")
    .action(async (ref: string, options: { force?: boolean }, command: Command) => {
      const context = createContext(command.optsWithGlobals<GlobalOptions>());
      const { output, client } = context;
      const id = await repositoryOf(context, ref);
      const input = { repository: id, archive: ref, force: options.force ?? false };
      const removed = await (await client()).command("archive:remove", input);
      output.answer(removed, () => output.line(`Removed ${removed.archive.ref}.`));
    });
}

/** A session's id says where its archive is; a commit's does not. */
async function repositoryOf({ client, requireRepository }: Context, ref: string): Promise<string> {
  if (!isSessionId(ref)) return (await requireRepository()).id;
  return (await (await client()).read("session", { session: ref })).session.repository;
}

function printList(output: Output, archives: readonly ArchiveView[], hidden: number): void {
  const rows = archives.map((each) => [
    each.commit.slice(0, 12),
    each.item?.id ?? each.session,
    each.keptAt === null ? "?" : `${since(each.keptAt)} ago`,
    sizeOf(each),
    each.why === null ? "" : plain(each.why),
    each.branches.length > 0 ? `in ${each.branches.map(plain).join(", ")}` : "",
  ]);
  for (const row of table(rows)) output.line(row);
  if (archives.length === 0) output.line("Nothing is archived that the base does not hold.");
  if (hidden > 0) output.line(faint(`${hidden} more are in the base already; --all shows them.`));
}

function sizeOf({ merged, changes }: ArchiveView): string {
  if (merged) return "merged";
  return changes === null ? "" : `${changes.files} files +${changes.added} -${changes.removed}`;
}

function factsOf(archive: ArchiveView): [string, string][] {
  return [
    ["archive", archive.ref],
    ["session", archive.session],
    ["item", archive.item ? `${archive.item.id}  ${plain(archive.item.title)}` : "not known any more"],
    ["kept", archive.keptAt ?? "not known any more"],
    ["why", archive.why === null ? "not known any more" : plain(archive.why)],
    ["subject", plain(archive.subject)],
    ["merged", archive.merged ? "yes, the base holds it" : "no"],
    ["branches", archive.branches.map(plain).join(", ") || "none"],
  ];
}
