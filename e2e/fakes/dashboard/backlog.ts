import type { CommandInput, ItemView, ReadOutput } from "#lib/contract/wire.ts";
import { commands } from "#lib/contract/wire.ts";
import { parseItemId } from "#lib/domain/ids.ts";
import { ago, makeItem } from "./sessions.ts";

type Name = "item:create" | "item:edit" | "item:close" | "item:reopen" | "item:release" | "item:depend";

/** A backlog in memory: every write gives the items that changed. */
export class StoryBacklog {
  readonly items: Map<string, ItemView>;
  readonly #texts = new Map<string, { description: string; acceptance: string }>();
  readonly #reasons = new Map<string, string>();
  #made = 0;

  constructor(items: readonly ItemView[]) {
    this.items = new Map(items.map((item) => [item.id, item]));
  }

  /** The item that was written, as it is then; null where there is none. */
  write(name: Name, raw: unknown, repository: ItemView["repository"]): ItemView | null {
    if (name === "item:create") return this.#create(commands[name].input.parse(raw), repository);
    const { item: id } = raw as CommandInput<"item:edit">;
    const item = this.items.get(id);
    if (!item) return null;
    switch (name) {
      case "item:edit": {
        const {
          description,
          acceptance,
          item: _item,
          repository: _owner,
          ...fields
        } = commands[name].input.parse(raw);
        const text = this.#textOf(id);
        this.#texts.set(id, {
          description: description ?? text.description,
          acceptance: acceptance ?? text.acceptance,
        });
        const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
        return this.#put({ ...item, ...given });
      }
      case "item:close":
        this.#reasons.set(id, commands[name].input.parse(raw).reason);
        return this.#put({ ...item, status: "closed", unready: "closed" });
      case "item:reopen":
      case "item:release":
        return this.#put({ ...item, status: "open", assignee: null, unready: null });
      case "item:depend": {
        const { on, remove } = commands[name].input.parse(raw);
        const others = item.blockedBy.filter((each) => each !== on);
        return this.#blocked(item, remove ? others : [...others, on]);
      }
    }
  }

  detail(item: ItemView): ReadOutput<"item"> {
    return {
      ...item,
      ...this.#textOf(item.id),
      design: "",
      notes: "",
      closeReason: item.status === "closed" ? (this.#reasons.get(item.id) ?? "Merged to main") : null,
      dependencies: [
        ...item.blockedBy.map((to) => ({ from: item.id, to, kind: "blocks" })),
        ...(item.id === "bd-auth.6"
          ? [
              { from: item.id, to: parseItemId("bd-auth.0"), kind: "blocks" },
              { from: item.id, to: parseItemId("bd-ui.14"), kind: "related" },
            ]
          : []),
        ...(item.parent === null ? [] : [{ from: item.id, to: item.parent, kind: "parent-child" }]),
      ],
    };
  }

  #create(
    input: ReturnType<(typeof commands)["item:create"]["input"]["parse"]>,
    repository: ItemView["repository"],
  ) {
    const { title, type, priority, labels, parent, dependsOn, description, acceptance } = input;
    const id = `bd-new.${String(++this.#made)}`;
    this.#texts.set(id, { description, acceptance });
    const item = makeItem([id, title, type, priority, type === "epic" ? "epic" : null, { labels, parent }]);
    return this.#blocked({ ...item, repository }, dependsOn);
  }

  #blocked(item: ItemView, blockedBy: ItemView["blockedBy"]): ItemView {
    const unready = blockedBy.length > 0 ? `blocked by ${blockedBy.join(", ")}` : null;
    return this.#put({ ...item, blockedBy, unready });
  }

  #put(item: ItemView): ItemView {
    const put = { ...item, updatedAt: ago(0) };
    this.items.set(item.id, put);
    return put;
  }

  #textOf(id: string) {
    return (
      this.#texts.get(id) ?? {
        description:
          "People lose their device. When they sign in from one that we have not seen, they get a **code by mail** that is good for ten minutes.",
        acceptance: "- A known device signs in as before\n- A new one needs the code\n- The code works once",
      }
    );
  }
}
