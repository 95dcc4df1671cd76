import type { Command } from "commander";
import type { SessionOverlapView } from "#lib/contract/wire.ts";
import { createContext, type GlobalOptions } from "../../context.ts";
import { plain } from "../../output.ts";

export function addOverlaps(session: Command): void {
  session
    .command("overlaps")
    .description("show which sessions that have not landed change the same files")
    .action(async (_options: unknown, command: Command) => {
      const { output, client, repository } = createContext(command.optsWithGlobals<GlobalOptions>());
      const about = await repository();
      const overlaps = await (await client()).read("overlaps", { repository: about?.id ?? null });
      output.answer(overlaps, () => {
        if (overlaps.length === 0) output.line("No two sessions touch the same files.");
        for (const { session, meetings } of overlaps) {
          output.line(session);
          for (const meeting of meetings) output.line(`  ${describeMeeting(meeting)}`);
        }
      });
    });
}

/** `also touched by bd-2: a.ts, b.ts`, or the folders in which both work. */
export function describeMeeting({
  item,
  files,
  count,
  folders,
}: SessionOverlapView["meetings"][number]): string {
  if (count === 0) return `${item} works beside it in ${folders.map(plain).join(", ")}`;
  const more = count > files.length ? ` and ${String(count - files.length)} more` : "";
  return `also touched by ${item}: ${files.map(plain).join(", ")}${more}`;
}
