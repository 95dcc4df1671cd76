import { type Command, Option } from "commander";
import type { HttpClient } from "#lib/client/http.ts";
import type { LandingView } from "#lib/contract/wire.ts";
import { CliError } from "../../connection.ts";
import { createContext, type GlobalOptions } from "../../context.ts";
import { followLandings } from "../../follow-landings.ts";
import { printPlan } from "../../merge-plan-lines.ts";
import { faint, type Output, plain } from "../../output.ts";

interface MergeOptions {
  readonly dryRun?: boolean;
  readonly cancel?: boolean;
}

export function addMerge(session: Command): void {
  session
    .command("merge")
    .argument(
      "[session]",
      "a session's id, a unique prefix of it, or an item's id; without it all approved ones land in the order that lands most",
    )
    .option("--dry-run", "only show what would land, in which order, and what is in the way")
    .addOption(
      new Option(
        "--cancel",
        "end landings that have not moved the base yet, all or the one of the session",
      ).conflicts("dryRun"),
    )
    .description("land approved work on the base branch, and wait until it has landed")
    .action(async (id: string | undefined, options: MergeOptions, command: Command) => {
      const { output, client, requireRepository } = createContext(command.optsWithGlobals<GlobalOptions>());
      // A session's id says which repository it is about.
      const repository = id === undefined ? (await requireRepository()).id : null;
      const connected = await client();
      const input = { repository, session: id ?? null };
      if (options.dryRun) await dryRun(output, connected, input);
      else if (options.cancel) await cancel(output, connected, input);
      else await land(output, connected, input);
    });
}

interface Input {
  readonly repository: string | null;
  readonly session: string | null;
}

async function dryRun(output: Output, client: HttpClient, { repository, session }: Input): Promise<void> {
  if (session === null) {
    const plan = await client.read("merge-plan", { repository });
    output.answer(plan, () => printPlan(output, plan));
    return;
  }
  const { session: view } = await client.read("session", { session });
  const plan = await client.read("merge-plan", { repository: view.repository });
  const entries = plan.entries.filter((entry) => entry.session === view.id);
  if (entries.length === 0) {
    throw new CliError(
      `${view.id} is ${view.status}; only approved work lands.`,
      `amplify session status ${view.id}`,
    );
  }
  const about = {
    ...plan,
    entries,
    overlaps: plan.overlaps.filter(({ a, b }) => a === view.id || b === view.id),
    order: plan.order.filter((each) => each.session === view.id),
    leftOut: plan.leftOut.filter((each) => each.session === view.id),
  };
  output.answer(about, () => printPlan(output, about));
}

async function cancel(output: Output, client: HttpClient, input: Input): Promise<void> {
  const answer = await client.command("merge:cancel", input);
  output.answer(answer, () => {
    const { cancelled, tooLate } = answer;
    if (cancelled.length + tooLate.length === 0) output.line("Nothing is landing.");
    for (const { item } of cancelled) output.line(`${item}: cancelled; it is approved as before.`);
    for (const { item, message } of tooLate) output.line(`${item}: too late. ${plain(message)}`);
  });
}

async function land(output: Output, client: HttpClient, input: Input): Promise<void> {
  const landings = await followLandings(
    client,
    async () => (await client.command("merge:start", input)).landings,
    (landing) => {
      if (!output.json && landing.step !== null) output.note(faint(`${landing.item}: ${landing.step}`));
    },
  );
  output.answer(landings, () => {
    if (landings.length === 0) output.line("Nothing is approved, so nothing was merged.");
    for (const landing of landings) printLanding(output, landing);
  });
  if (landings.some(({ status }) => status !== "landed")) process.exitCode = 1;
}

/** How one landing ended, with its conflicts and where its gate's output is. */
export function printLanding(output: Output, landing: LandingView): void {
  output.line(`${landing.item}: ${landing.status}. ${plain(landing.message)}`);
  for (const file of landing.conflicts) output.line(`  conflict: ${plain(file)}`);
  if (landing.status === "gate-red" && landing.gate?.log) {
    output.line(
      faint(`  all of its output: amplify session logs ${landing.session} --gate ${landing.gate.log}`),
    );
  }
  if (landing.status === "conflict" && landing.kind === "merge") {
    output.line(faint(`  let its agent resolve it: amplify session send-back ${landing.session}`));
  }
}
