import type { Command } from "commander";
import type { AttentionView } from "#lib/contract/wire.ts";
import { attentionWords } from "#lib/domain/attention-words.ts";
import { createContext, type GlobalOptions } from "../context.ts";
import { faint, heading, plain, since, type Output } from "../output.ts";

export function addInbox(program: Command): void {
  program
    .command("inbox")
    .description("everything that needs a person, in all repositories, what holds up most first")
    .option("--here", "only the repository of this folder")
    .action(async ({ here = false }: { here?: boolean }, command: Command) => {
      const { output, client, requireRepository } = createContext(command.optsWithGlobals<GlobalOptions>());
      const about = here ? await requireRepository() : null;
      const connected = await client();
      const queue = await connected.read("inbox", { repository: about?.id ?? null });
      const names = new Map(
        queue.length === 0
          ? []
          : (await connected.read("repositories", {})).map(({ id, name }) => [id, name] as const),
      );
      output.answer(queue, () => {
        if (queue.length === 0) output.line("Nothing needs you.");
        for (const each of queue)
          printOne(output, each, names.size > 1 ? (names.get(each.repository) ?? "") : "");
      });
    });
}

function printOne(output: Output, each: AttentionView, repository: string): void {
  const place = [repository, each.item.id, each.session].filter((part) => part !== "" && part !== null);
  output.line(
    `${heading(attentionWords[each.kind].name)}  ${place.map((part) => plain(String(part))).join("  ")}`,
  );
  output.line(`  ${plain(each.text).replaceAll("\n", " ").slice(0, 200)}`);
  output.line(faint(`  ${weightOf(each)}`));
  const next = nextCommand(each);
  if (next) output.line(faint(`  ${next}`));
}

/** Why it stands where it stands. */
function weightOf({ unblocks, since: at }: AttentionView): string {
  const waits = `waits ${since(at)}`;
  return unblocks === 0 ? waits : `unblocks ${unblocks} item${unblocks === 1 ? "" : "s"} · ${waits}`;
}

function nextCommand({ kind, session, question, item }: AttentionView): string | null {
  if (kind === "parked") return `amplify session dispatch ${item.id}`;
  if (session === null) return null;
  switch (kind) {
    case "question":
      return `amplify session answer ${session} ${question ?? ""} "<answer>"`;
    case "approval":
      return `amplify session merge ${session}`;
    case "no-verdict":
      return `amplify session review ${session}, then amplify session overrule ${session} approve --reason "<why>", or resume or rework it`;
    case "rejected":
    case "conflict":
    case "gate-red":
      return `amplify session rework ${session} "<what to change>"`;
    case "stale":
    case "unknown":
      return "amplify session cleanup";
    default:
      return `amplify session status ${session}`;
  }
}
