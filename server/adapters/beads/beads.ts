import { isItemId, type ItemId } from "#lib/domain/ids.ts";
import type { Item } from "#lib/domain/item.ts";
import { WorkSourceError, type WorkSource } from "#server/ports.ts";
import { createBd, type BdOptions } from "./bd.ts";
import { claim } from "./bd-claim.ts";
import { checkLabel, checkText, draftFlags, hasTaken, labelFlags } from "./bd-draft.ts";
import { checkHealth, readVersion } from "./bd-health.ts";
import { lacksDependencies, readItem } from "./bd-item.ts";
import { isObject, readObjects } from "./bd-output.ts";
import { watchBeads } from "./watch-beads.ts";

/** How many items one `show` is asked for, where a version's list says too little. */
const showAtOnce = 200;

/**
 * Beads through its own program, versions 0.47 to 1.3. Every write is judged by what the item shows
 * afterwards, because exit codes and printed states mean different things from version to version.
 */
export function createBeads(options: BdOptions): WorkSource {
  const bd = createBd(options);
  let version: Promise<string | null> | undefined;

  async function list(): Promise<Item[]> {
    const issues = readObjects(await bd.read("list", "--all", "--limit=0"));
    const items = issues.map(readItem).filter((item) => item !== null);
    const incomplete = issues.filter(lacksDependencies).map((issue) => issue["id"]);
    const whole = await showAll(items.map(({ id }) => id).filter((id) => incomplete.includes(id)));
    return items.map((item) => whole.get(item.id) ?? item);
  }

  /** Beads has no idempotency keys; a reference to what the item comes from serves as one. */
  async function madeAs(reference: string): Promise<Item | null> {
    const issues = readObjects(await bd.read("list", "--all", "--limit=0"));
    const found = issues.find((issue) => issue["external_ref"] === reference);
    const item = found ? readItem(found) : null;
    return item && show(item.id);
  }

  async function showAll(ids: readonly ItemId[]): Promise<Map<ItemId, Item>> {
    const found = new Map<ItemId, Item>();
    for (let at = 0; at < ids.length; at += showAtOnce) {
      const issues = readObjects(await bd.read("show", ...ids.slice(at, at + showAtOnce)));
      for (const item of issues.map(readItem)) if (item) found.set(item.id, item);
    }
    return found;
  }

  /** Beads completes abbreviated ids, so only the very id that was asked for counts. */
  async function show(id: ItemId): Promise<Item | null> {
    if (!isItemId(id)) return null;
    try {
      return (await showAll([id])).get(id) ?? null;
    } catch (error) {
      if (error instanceof WorkSourceError && error.kind === "not-found") return null;
      throw error;
    }
  }

  async function mustShow(id: ItemId): Promise<Item> {
    const item = await show(id);
    if (!item) throw new WorkSourceError("not-found", `There is no item ${id}.`);
    return item;
  }

  /** Writes, and then believes only the item. */
  async function change(
    args: readonly string[],
    order: { id: ItemId; actor: string; done: (item: Item) => boolean },
  ): Promise<Item> {
    let refusal: WorkSourceError | null = null;
    try {
      await bd.write(args, { actor: order.actor, repeatable: true });
    } catch (error) {
      if (!(error instanceof WorkSourceError) || !mayHaveTaken(error)) throw error;
      refusal = error;
    }
    const item = await mustShow(order.id);
    if (order.done(item)) return item;
    throw refusal ?? new WorkSourceError("bad-output", `Beads did not do it: ${args.slice(0, 2).join(" ")}.`);
  }

  async function makeFree(id: ItemId, actor: string) {
    const words = ["update", id, "--status=open", "--assignee="];
    await change(words, { id, actor, done: isFree }).catch(async (error: unknown) => {
      // Newer versions want to hear that another one's claim is meant; older ones do not know the word.
      if (!(error instanceof WorkSourceError && /--force/.test(error.output))) throw error;
      await change([...words, "--force"], { id, actor, done: isFree });
    });
  }

  async function comment(id: ItemId, text: string, actor: string) {
    checkText("comment", text);
    if (text.trim() === "") throw new WorkSourceError("invalid", "A comment needs a text.");
    await bd.write(["comments", "add", id, "--", text], { actor, repeatable: false });
  }

  async function hasComment(id: ItemId, text: string) {
    const comments = readObjects(await bd.read("comments", id));
    return comments.some((each) => typeof each["text"] === "string" && each["text"].trim() === text.trim());
  }

  const hasEdge = (item: Item, to: ItemId, kind: string) =>
    item.dependencies.some((each) => each.to === to && each.kind === kind);

  return {
    kind: "beads",
    health: () => checkHealth(bd, options),
    list,

    async ready(label) {
      const issues = readObjects(await bd.read("ready", "--limit=0", "--sort=priority"));
      const items = issues.map(readItem).filter((item) => item !== null);
      // Before 0.49.4 what is in progress counts as ready; filters by label are broken in some versions.
      const wanted = items.filter(
        (item) => item.status !== "in_progress" && (label === undefined || item.labels.includes(label)),
      );
      return new Set(wanted.map((item) => item.id));
    },

    show,

    claim: (id, actor) =>
      claim({ id, actor, bd, show, clock: options.clock, version: () => (version ??= readVersion(bd)) }),

    async release(id, actor, holder = actor) {
      const item = await mustShow(id);
      if (isFree(item)) return;
      if (item.status === "closed")
        throw new WorkSourceError("invalid", `${id} is closed: reopen it instead.`);
      if (item.assignee !== holder) {
        throw new WorkSourceError("already-claimed", `${id} is ${item.assignee ?? "nobody"}'s.`);
      }
      await makeFree(id, actor);
    },

    async close(id, { actor, reason, comment: said }) {
      checkText("reason", reason);
      const item = await mustShow(id);
      if (said !== undefined && !(await hasComment(id, said))) await comment(id, said, actor);
      if (item.status === "closed") return;
      await change(["close", id, `--reason=${reason}`], { id, actor, done: isClosed });
    },

    async reopen(id, { actor, reason }) {
      checkText("reason", reason);
      const item = await mustShow(id);
      if (item.status === "closed") {
        const isOpen = (each: Item) => !isClosed(each);
        await change(["reopen", id, `--reason=${reason}`], { id, actor, done: isOpen });
      }
      if (!isFree(await mustShow(id))) await makeFree(id, actor);
    },

    async comment(id, text, actor) {
      await mustShow(id);
      await comment(id, text, actor);
    },

    async create(draft, actor, key) {
      const labels = draft.labels.map(checkLabel);
      const reference = `amplify:${key}`;
      const made = await madeAs(reference);
      if (made) return made;
      const flags = [
        ...draftFlags(draft),
        `--external-ref=${reference}`,
        ...(labels.length > 0 ? [`--labels=${labels.join(",")}`] : []),
        ...(draft.parent === null ? [] : [`--parent=${draft.parent}`]),
      ];
      const printed = await bd.write(["create", ...flags], { actor, repeatable: false });
      const created = isObject(printed) ? readItem(printed) : null;
      if (!created) throw new WorkSourceError("bad-output", "Beads did not say what it created.");
      return mustShow(created.id);
    },

    async edit(id, wanted, actor) {
      const item = await mustShow(id);
      const flags = [
        ...draftFlags(wanted),
        ...(wanted.labels === undefined ? [] : labelFlags(wanted.labels, item.labels)),
        ...(wanted.parent === undefined ? [] : [`--parent=${wanted.parent ?? ""}`]),
      ];
      if (flags.length === 0) return item;
      return change(["update", id, ...flags], { id, actor, done: (each) => hasTaken(each, wanted) });
    },

    async addDependency({ from, to, kind }, actor) {
      checkText("kind", kind);
      await change(["dep", "add", from, to, `--type=${kind}`], {
        id: from,
        actor,
        done: (item) => hasEdge(item, to, kind),
      });
    },

    async removeDependency({ from, to, kind }, actor) {
      if (!hasEdge(await mustShow(from), to, kind)) return;
      await change(["dep", "remove", from, to], {
        id: from,
        actor,
        done: (item) => !hasEdge(item, to, kind),
      });
    },

    watch: (changed) => watchBeads({ ...options, list, changed }),
  };
}

const isClosed = (item: Item) => item.status === "closed";
const isFree = (item: Item) => item.status === "open" && item.assignee === null;

/** These leave open whether the tracker has done it, or say that it was done before. */
function mayHaveTaken({ kind }: WorkSourceError): boolean {
  return kind === "bad-output" || kind === "unknown" || kind === "timeout" || kind === "not-found";
}
