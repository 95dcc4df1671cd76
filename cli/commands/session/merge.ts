import type { Command } from "commander";
import type { HttpClient } from "#lib/client/http.ts";
import type { LandingView } from "#lib/contract/wire.ts";
import { CliError } from "../../connection.ts";
import { createContext, type GlobalOptions } from "../../context.ts";
import { follow } from "../../events.ts";
import { faint, plain } from "../../output.ts";

export function addMerge(session: Command): void {
  session
    .command("merge")
    .argument(
      "[session]",
      "a session's id, a unique prefix of it, or an item's id; without it all approved ones land in order",
    )
    .description("land approved work on the base branch, and wait until it has landed")
    .action(async (id: string | undefined, _options: unknown, command: Command) => {
      const { output, client, requireRepository } = createContext(command.optsWithGlobals<GlobalOptions>());
      const repository = await requireRepository();
      const input = { repository: repository.id, session: id ?? null };
      const landings = await land(await client(), input, (landing) => {
        if (!output.json && landing.step !== null) output.note(faint(`${landing.item}: ${landing.step}`));
      });
      output.answer(landings, () => {
        if (landings.length === 0) output.line("Nothing is approved, so nothing was merged.");
        for (const landing of landings) {
          output.line(`${landing.item}: ${landing.status}. ${plain(landing.message)}`);
          for (const file of landing.conflicts) output.line(`  conflict: ${plain(file)}`);
        }
      });
      if (landings.some(({ status }) => status !== "landed")) process.exitCode = 1;
    });
}

/** Orders the landings and follows them to their ends. */
async function land(
  client: HttpClient,
  input: { repository: string; session: string | null },
  onAdvance: (landing: LandingView) => void,
): Promise<LandingView[]> {
  const stop = new AbortController();
  const open = new Map<string, LandingView>();
  try {
    // The stream is open before the order is given, so that no step of it is missed.
    for await (const news of follow(client, stop.signal)) {
      if (news.kind === "snapshot") {
        if (open.size > 0) continue;
        const ordered = await client.command("merge:start", input);
        for (const landing of ordered.landings) open.set(landing.id, landing);
      } else {
        for (const landing of news.facts.flatMap(({ changes }) => changes.landings ?? [])) {
          if (!open.has(landing.id)) continue;
          open.set(landing.id, landing);
          onAdvance(landing);
        }
      }
      if ([...open.values()].every(({ status }) => status !== "running")) return [...open.values()];
    }
  } finally {
    stop.abort();
  }
  throw new CliError(
    "The server ended before the landing did; it goes on when the server runs again.",
    "Look with `amplify session status`.",
  );
}
