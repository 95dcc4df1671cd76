import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import type { WebhookView } from "#lib/contract/wire.ts";
import { CliError } from "../connection.ts";
import { createContext, type GlobalOptions } from "../context.ts";
import { faint, heading, plain, since, type Output } from "../output.ts";

interface AddOptions {
  readonly slack?: boolean;
  readonly allowPrivate?: boolean;
  readonly secretFile?: string;
}

export function addWebhook(program: Command): void {
  const webhook = program
    .command("webhook")
    .description("tell another program, such as a chat, when something needs a person");

  webhook
    .command("add")
    .argument("<url>", "an https address; it is called with POST")
    .option("--slack", "send what Slack and its likes understand, instead of our own JSON")
    .option("--allow-private", "it may be on this machine or its network, also without https")
    .option(
      "--secret-file <path>",
      "the secret that signs every message; else a new one is made and shown once",
    )
    .description("send every new thing that needs a person to an address")
    .action(async (url: string, options: AddOptions, command: Command) => {
      const { output, client } = createContext(command.optsWithGlobals<GlobalOptions>());
      const given = options.secretFile === undefined ? null : await secretIn(options.secretFile);
      const secret = given ?? randomBytes(32).toString("base64url");
      const { webhook: added } = await (
        await client()
      ).command("webhook:add", {
        url,
        secret,
        format: options.slack === true ? "slack" : "json",
        allowPrivate: options.allowPrivate ?? false,
      });
      output.answer({ webhook: added, ...(given === null ? { secret } : {}) }, () => {
        output.line(
          `${added.id} tells ${added.target} from now on. Try it: amplify webhook test ${added.id}`,
        );
        if (given === null) output.line(`Its secret, shown this once: ${secret}`);
      });
    });

  webhook
    .command("list")
    .description("list the webhooks, and what became of their last messages")
    .action(async (_options: unknown, command: Command) => {
      const { output, client } = createContext(command.optsWithGlobals<GlobalOptions>());
      const list = await (await client()).read("webhooks", {});
      output.answer(list, () => {
        if (list.length === 0) output.line("There is no webhook; nothing is sent anywhere.");
        for (const each of list) print(output, each);
      });
    });

  webhook
    .command("deliveries")
    .argument("<webhook>", "its id, such as wh-4k2p9x")
    .description("list its last messages one by one, with what became of each")
    .action(async (id: string, _options: unknown, command: Command) => {
      const { output, client } = createContext(command.optsWithGlobals<GlobalOptions>());
      const known = await (await client()).read("webhooks", {});
      const found = known.find((each) => each.id === id);
      if (!found) {
        const ids = known.map((each) => each.id).join(", ");
        throw new CliError(
          `There is no webhook ${id}. ${ids === "" ? "There is none." : `There are: ${ids}.`}`,
        );
      }
      output.answer(found.deliveries, () => printDeliveries(output, found.deliveries, { withIds: true }));
    });

  webhook
    .command("remove")
    .argument("<webhook>", "its id, such as wh-4k2p9x")
    .description("send nothing there any more, and forget its secret")
    .action(async (id: string, _options: unknown, command: Command) => {
      const { output, client } = createContext(command.optsWithGlobals<GlobalOptions>());
      const removed = await (await client()).command("webhook:remove", { webhook: id });
      output.answer(removed, () => output.line(`Removed ${removed.webhook.id}.`));
    });

  webhook
    .command("test")
    .argument("<webhook>", "its id, such as wh-4k2p9x")
    .description("send one message now and say what came back")
    .action(async (id: string, _options: unknown, command: Command) => {
      const { output, client } = createContext(command.optsWithGlobals<GlobalOptions>());
      const result = await (await client()).command("webhook:test", { webhook: id });
      output.answer(result, () =>
        output.line(
          result.ok
            ? `It answered ${String(result.status)}.`
            : `Not delivered: ${plain(result.problem ?? "")}`,
        ),
      );
      if (!result.ok) process.exitCode = 1;
    });
}

async function secretIn(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new CliError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  return text.trim();
}

function print(output: Output, { id, target, format, allowPrivate, by, deliveries }: WebhookView) {
  output.line(
    heading(`${id}  ${plain(target)}  ${format}${allowPrivate ? ", may be private" : ""}  by ${plain(by)}`),
  );
  printDeliveries(output, deliveries.slice(0, 5), { withIds: false });
  if (deliveries.length > 5) output.line(faint(`  more: amplify webhook deliveries ${id}`));
}

function printDeliveries(
  output: Output,
  deliveries: WebhookView["deliveries"],
  { withIds }: { withIds: boolean },
) {
  if (deliveries.length === 0) output.line(faint("  nothing has been sent yet"));
  for (const { id, at, text, state, attempts, problem, endedAt } of deliveries) {
    output.line(`  ${outcomeOf({ state, attempts, problem, endedAt })}`);
    output.line(faint(`    ${since(at)} ago  ${plain(text)}`));
    if (withIds) output.line(faint(`    ${plain(id)}`));
  }
}

/** `waiting, tried 3 times: It answered 500.` */
function outcomeOf({
  state,
  attempts,
  problem,
  endedAt,
}: Pick<WebhookView["deliveries"][number], "state" | "attempts" | "problem" | "endedAt">): string {
  const words = state === "given-up" ? "given up" : state;
  const when = endedAt === null ? "" : ` ${since(endedAt)} ago`;
  const tries =
    attempts > 1 || problem !== null ? `, tried ${attempts === 1 ? "once" : `${attempts} times`}` : "";
  return `${words}${when}${tries}${problem === null ? "" : `: ${plain(problem)}`}`;
}
