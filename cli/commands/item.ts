import { text } from "node:stream/consumers";
import { type Command, InvalidArgumentError } from "commander";
import type { ItemView, ReadOutput } from "#lib/contract/wire.ts";
import { isItemId, type ItemId } from "#lib/domain/ids.ts";
import { createContext, type GlobalOptions } from "../context.ts";
import { faint, heading, type Output, plain, table } from "../output.ts";

interface FieldOptions {
  readonly title?: string;
  readonly description?: string;
  readonly acceptance?: string;
  readonly type?: string;
  readonly priority?: number;
  readonly label?: string[];
  readonly parent?: ItemId;
}

/** `amplify item …`: the backlog by hand, whether Beads holds it or we do. */
export function addItem(program: Command): void {
  const item = program.command("item").description("the work items of the repository's backlog");

  withFields(item.command("add"))
    .argument("<title>")
    .option("--after <item...>", "it waits for these", ids)
    .description("make an item")
    .action(
      async (title: string, options: FieldOptions & { readonly after?: ItemId[] }, command: Command) => {
        const { output, client, requireRepository } = contextOf(command);
        const repository = (await requireRepository()).id;
        const fields = { ...(await fieldsOf(options)), title, dependsOn: options.after ?? [] };
        const made = await (await client()).command("item:create", { repository, ...fields });
        output.answer(made, () => output.line(made.item.id));
      },
    );

  item
    .command("list")
    .argument("[project]", "a label of items; auth and project:auth are the same")
    .option("--all", "closed ones too")
    .description("list the items and what holds them back")
    .action(async (project: string | undefined, options: { readonly all?: boolean }, command: Command) => {
      const { output, client, requireRepository } = contextOf(command);
      const repository = (await requireRepository()).id;
      const query = { repository, label: project ?? null, closed: options.all ?? false };
      const items = await (await client()).read("items", query);
      output.answer(items, () => printList(output, items));
    });

  item
    .command("show")
    .argument("<item>", "its id", id)
    .description("show one item")
    .action(async (wanted: ItemId, _options: unknown, command: Command) => {
      const { output, client, requireRepository } = contextOf(command);
      const repository = (await requireRepository()).id;
      const detail = await (await client()).read("item", { repository, item: wanted });
      output.answer(detail, () => printOne(output, detail));
    });

  withFields(item.command("edit"))
    .argument("<item>", "its id", id)
    .option("--title <title>")
    .description("change what an item says; what is not named stays")
    .action(async (wanted: ItemId, options: FieldOptions, command: Command) => {
      const { output, client, requireRepository } = contextOf(command);
      const repository = (await requireRepository()).id;
      const change = { repository, item: wanted, ...(await fieldsOf(options)) };
      const changed = await (await client()).command("item:edit", change);
      output.answer(changed, () => printList(output, [changed.item]));
    });

  item
    .command("close")
    .argument("<item>", "its id", id)
    .option("--reason <text>", "why", "Closed by hand")
    .description("close an item without a session")
    .action(async (wanted: ItemId, options: { readonly reason: string }, command: Command) => {
      const { output, client, requireRepository } = contextOf(command);
      const repository = (await requireRepository()).id;
      const order = { repository, item: wanted, reason: options.reason };
      const closed = await (await client()).command("item:close", order);
      output.answer(closed, () => output.line(`Closed ${closed.item.id}.`));
    });

  item
    .command("reopen")
    .argument("<item>", "its id", id)
    .option("--reason <text>", "why", "Reopened by hand")
    .description("open a closed item again")
    .action(async (wanted: ItemId, options: { readonly reason: string }, command: Command) => {
      const { output, client, requireRepository } = contextOf(command);
      const repository = (await requireRepository()).id;
      const order = { repository, item: wanted, reason: options.reason };
      const reopened = await (await client()).command("item:reopen", order);
      output.answer(reopened, () => printList(output, [reopened.item]));
    });

  item
    .command("release")
    .argument("<item>", "its id", id)
    .description("take an item from whoever holds it, so that it can be dispatched")
    .action(async (wanted: ItemId, _options: unknown, command: Command) => {
      const { output, client, requireRepository } = contextOf(command);
      const repository = (await requireRepository()).id;
      const released = await (await client()).command("item:release", { repository, item: wanted });
      output.answer(released, () => printList(output, [released.item]));
    });

  item
    .command("dep")
    .argument("<item>", "its id", id)
    .argument("<on>", "the item that it waits for", id)
    .option("--remove", "it waits no longer")
    .description("say that an item waits for another one")
    .action(async (wanted: ItemId, on: ItemId, options: { readonly remove?: boolean }, command: Command) => {
      const { output, client, requireRepository } = contextOf(command);
      const repository = (await requireRepository()).id;
      const order = { repository, item: wanted, on, remove: options.remove ?? false };
      const changed = await (await client()).command("item:depend", order);
      output.answer(changed, () => printList(output, [changed.item]));
    });
}

const contextOf = (command: Command) => createContext(command.optsWithGlobals<GlobalOptions>());

function withFields(command: Command): Command {
  return command
    .option("-d, --description <text>", "what is to be done; - reads it from standard input")
    .option("--acceptance <text>", "how one sees that it is done")
    .option("-t, --type <type>", "task, bug, feature, chore, epic, …")
    .option("-p, --priority <0-4>", "0 is the most urgent", priority)
    .option("-l, --label <label...>", "such as project:auth or agent:backend-engineer")
    .option("--parent <item>", "the item that it is a part of", id);
}

async function fieldsOf({ label, description, ...fields }: FieldOptions & { readonly after?: unknown }) {
  const { title, acceptance, type, priority: urgency, parent } = fields;
  const words = description === "-" ? await text(process.stdin) : description;
  return {
    ...(title === undefined ? {} : { title }),
    ...(words === undefined ? {} : { description: words }),
    ...(acceptance === undefined ? {} : { acceptance }),
    ...(type === undefined ? {} : { type }),
    ...(urgency === undefined ? {} : { priority: urgency }),
    ...(label === undefined ? {} : { labels: label }),
    ...(parent === undefined ? {} : { parent }),
  };
}

function printList(output: Output, items: readonly ItemView[]): void {
  if (items.length === 0) output.line("No item is open.");
  const rows = items.map((each) => [
    each.id,
    `P${each.priority}`,
    each.type,
    each.status === "closed" ? "closed" : (each.unready ?? "ready"),
    plain(each.title),
  ]);
  for (const row of table(rows)) output.line(row);
}

function printOne(output: Output, item: ReadOutput<"item">): void {
  output.line(heading(`${item.id}  ${plain(item.title)}`));
  const rows = [
    ["status", item.status === "open" ? `open, ${plain(item.unready ?? "ready")}` : plain(item.status)],
    ["type", plain(item.type)],
    ["priority", String(item.priority)],
    ["labels", item.labels.map(plain).join(", ") || "none"],
    ["assignee", plain(item.assignee ?? "nobody")],
    ["waits for", item.blockedBy.join(", ") || "nothing"],
    ["holds back", `${item.downstream} ${item.downstream === 1 ? "item" : "items"}`],
  ];
  for (const row of table(rows)) output.line(row);
  for (const [name, words] of Object.entries({
    description: item.description,
    design: item.design,
    acceptance: item.acceptance,
    notes: item.notes,
  })) {
    if (words !== "") output.line(`\n${faint(name)}\n${plain(words)}`);
  }
}

function id(value: string): ItemId {
  if (!isItemId(value)) throw new InvalidArgumentError("It is no item's id; they look like bd-auth.1.");
  return value;
}

function ids(value: string, before: ItemId[] | undefined): ItemId[] {
  return [...(before ?? []), id(value)];
}

function priority(value: string): number {
  if (!/^[0-4]$/.test(value)) throw new InvalidArgumentError("It is a number from 0 to 4.");
  return Number(value);
}
