import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseItemId, type ItemId } from "#lib/domain/ids.ts";
import type { ItemDraft, WorkSource } from "./ports.ts";

/** A work source with an empty backlog of its own; `dispose` removes all of it. */
export interface WorkSourceSubject {
  readonly source: WorkSource;
  /** A second one on the same backlog, as another program has it, for claims that compete. */
  readonly rival: WorkSource;
  readonly dispose: () => Promise<void>;
}

export interface WorkSourceTraits {
  /** Two programs that claim at the same instant: exactly one wins. Not so in Beads before 0.49.4. */
  readonly atomicClaims: boolean;
}

const ada = "amplify/session-a";
const bob = "amplify/session-b";

/** What every backlog has to do, whatever stands behind it. */
export function workSourceContract(
  name: string,
  makeSubject: () => Promise<WorkSourceSubject>,
  traits: WorkSourceTraits = { atomicClaims: true },
): void {
  describe(`the work source ${name}`, () => {
    let subject: WorkSourceSubject;
    let source: WorkSource;

    beforeEach(async () => {
      subject = await makeSubject();
      source = subject.source;
    });
    afterEach(async () => subject.dispose());

    const create = async (title: string, rest: Partial<ItemDraft> = {}) =>
      source.create(
        {
          title,
          type: "task",
          priority: 2,
          description: "",
          acceptance: "",
          labels: [],
          parent: null,
          ...rest,
        },
        ada,
        randomUUID(),
      );
    const shown = async (id: ItemId) => {
      const item = await source.show(id);
      if (!item) throw new Error(`${id} is not shown`);
      return item;
    };
    const nobody = parseItemId("t-zzzzzz");

    it("[B1] is healthy and says where it is and which version", async () => {
      const health = await source.health();
      expect(health).toMatchObject({ kind: source.kind, ok: true, problem: null });
      if (source.kind === "beads") expect(health.version).toMatch(/^\d+\.\d+\.\d+/);
    });

    it("[B2] an empty backlog lists nothing and has nothing ready", async () => {
      expect(await source.list()).toEqual([]);
      expect(await source.ready()).toEqual(new Set());
    });

    it("[B3] what is created is shown and listed as it was drafted", async () => {
      const made = await create("Create the users table", {
        type: "feature",
        priority: 0,
        description: "Line one\nLine two",
        acceptance: "The migration applies",
        labels: ["project:auth", "agent:database-engineer"],
      });
      expect(made).toMatchObject({
        title: "Create the users table",
        status: "open",
        type: "feature",
        priority: 0,
        description: "Line one\nLine two",
        acceptance: "The migration applies",
        assignee: null,
        parent: null,
        dependencies: [],
        closedAt: null,
      });
      expect([...made.labels].sort()).toEqual(["agent:database-engineer", "project:auth"]);
      expect(Date.parse(made.createdAt)).toBeGreaterThan(Date.parse("2020-01-01"));
      expect(await source.show(made.id)).toEqual(made);
      expect((await source.list()).map(({ id }) => id)).toEqual([made.id]);
    });

    it("[B4] hostile text comes back as it went in", async () => {
      for (const text of [
        "--help",
        "-rf / ; $(touch planted) `id` && echo",
        `"double" 'single' \\ back\\slash %s {{x}}`,
        "ünïcode 日本 🎉 \u202Ertl <script>alert(1)</script> &amp;",
        "--json\n--actor=root\n\n- list\n\ttab\r\nend",
      ]) {
        const title = text.replace(/\s+/g, " ");
        const made = await create(title, { description: text, acceptance: text });
        expect(made).toMatchObject({ title, description: text, acceptance: text });
        await source.comment(made.id, text, ada);
      }
      expect(await source.list()).toHaveLength(5);
    });

    it("[B4] what cannot be an item is refused, and nothing is created", async () => {
      for (const bad of [
        { title: "" },
        { title: "  " },
        { title: "two\nlines" },
        { title: "nul\0" },
        { type: "no such type" },
        { priority: 9 },
        { priority: -1 },
        { labels: ["a,b"] },
        { labels: [""] },
        { description: "x".repeat(200_000) },
      ] satisfies Partial<ItemDraft>[]) {
        await expect(create("Fine", bad)).rejects.toMatchObject({ name: "WorkSourceError", kind: "invalid" });
      }
      await expect(create("Orphan", { parent: nobody })).rejects.toMatchObject({ kind: "not-found" });
      expect(await source.list()).toEqual([]);
    });

    it("[B5] the label of a project narrows what is ready", async () => {
      const auth = await create("Auth", { labels: ["project:auth"] });
      const shop = await create("Shop", { labels: ["project:shop"] });
      expect(await source.ready()).toEqual(new Set([auth.id, shop.id]));
      expect(await source.ready("project:auth")).toEqual(new Set([auth.id]));
      expect(await source.ready("project:none")).toEqual(new Set());
    });

    it("[B6] a blocked item is not ready until its blocker is closed", async () => {
      const schema = await create("Schema");
      const api = await create("API");
      const edge = { from: api.id, to: schema.id, kind: "blocks" };
      await source.addDependency(edge, ada);
      await source.addDependency(edge, ada);
      expect((await shown(api.id)).dependencies).toEqual([edge]);
      expect((await source.list()).find(({ id }) => id === api.id)?.dependencies).toEqual([edge]);
      expect(await source.ready()).toEqual(new Set([schema.id]));
      await expect(source.close(api.id, { actor: ada, reason: "Done" })).rejects.toMatchObject({
        kind: "blocked",
      });

      await source.close(schema.id, { actor: ada, reason: "Merged to main" });
      expect(await source.ready()).toEqual(new Set([api.id]));
    });

    it("[B6] a dependency can be taken back, twice; a circle is refused", async () => {
      const a = await create("A");
      const b = await create("B");
      const edge = { from: a.id, to: b.id, kind: "blocks" };
      await source.addDependency(edge, ada);
      await expect(source.addDependency({ from: b.id, to: a.id, kind: "blocks" }, ada)).rejects.toMatchObject(
        { kind: "invalid" },
      );
      await source.removeDependency(edge, ada);
      await source.removeDependency(edge, ada);
      expect((await shown(a.id)).dependencies).toEqual([]);
      await expect(
        source.addDependency({ from: a.id, to: nobody, kind: "blocks" }, ada),
      ).rejects.toMatchObject({ kind: "not-found" });
    });

    it("[B7] an epic knows its children, and they know it", async () => {
      const epic = await create("Auth system", { type: "epic" });
      const child = await create("Login", { parent: epic.id });
      expect(child).toMatchObject({ parent: epic.id });
      expect(child.dependencies).toContainEqual({ from: child.id, to: epic.id, kind: "parent-child" });
      const listed = await source.list();
      expect(listed.find(({ id }) => id === child.id)?.parent).toBe(epic.id);
      expect(listed.find(({ id }) => id === epic.id)).toMatchObject({ type: "epic", parent: null });
      expect(await source.ready()).toContain(child.id);
    });

    it("[B8] a claim makes the item its actor's, and claiming again changes nothing", async () => {
      const { id } = await create("Work");
      expect(await source.claim(id, ada)).toEqual({ claimed: true });
      expect(await shown(id)).toMatchObject({ status: "in_progress", assignee: ada });
      expect(await source.claim(id, ada)).toEqual({ claimed: true });
      expect(await source.ready()).toEqual(new Set());
    });

    it("[B8] a second actor is told that it is taken", async () => {
      const { id } = await create("Work");
      await source.claim(id, ada);
      expect(await subject.rival.claim(id, bob)).toMatchObject({ claimed: false, why: "taken" });
      expect(await shown(id)).toMatchObject({ assignee: ada });
    });

    it("[B8] what is closed or missing cannot be claimed, and stays so", async () => {
      const { id } = await create("Work");
      await source.close(id, { actor: ada, reason: "Merged to main" });
      expect(await source.claim(id, bob)).toMatchObject({ claimed: false, why: "closed" });
      expect(await shown(id)).toMatchObject({ status: "closed" });
      expect(await source.claim(nobody, bob)).toMatchObject({ claimed: false, why: "missing" });
    });

    it("[B9] of two actors of one program exactly one wins", async () => {
      const { id } = await create("Work");
      const outcomes = await Promise.all([source.claim(id, ada), source.claim(id, bob)]);
      expect(outcomes.filter(({ claimed }) => claimed)).toHaveLength(1);
      const { assignee } = await shown(id);
      expect(assignee).toBe(outcomes[0].claimed ? ada : bob);
    });

    it.runIf(traits.atomicClaims)("[B9] of two programs exactly one wins", async () => {
      for (let round = 0; round < 3; round++) {
        const { id } = await create(`Work ${round}`);
        const outcomes = await Promise.all([source.claim(id, ada), subject.rival.claim(id, bob)]);
        expect(outcomes.filter(({ claimed }) => claimed)).toHaveLength(1);
        expect(await shown(id)).toMatchObject({ assignee: outcomes[0].claimed ? ada : bob });
      }
    });

    it("[B10] a release opens the item for everybody, and only its holder may", async () => {
      const { id } = await create("Work");
      await source.claim(id, ada);
      await expect(source.release(id, bob)).rejects.toMatchObject({ kind: "already-claimed" });
      await source.release(id, ada);
      expect(await shown(id)).toMatchObject({ status: "open", assignee: null });
      await source.release(id, ada);
      expect(await source.ready()).toEqual(new Set([id]));
      expect(await source.claim(id, bob)).toEqual({ claimed: true });
    });

    it("[B10] somebody may release what another one holds by naming who that is", async () => {
      const { id } = await create("Work");
      await source.claim(id, ada);
      await expect(source.release(id, bob, "somebody")).rejects.toMatchObject({ kind: "already-claimed" });
      expect(await shown(id)).toMatchObject({ status: "in_progress", assignee: ada });
      await source.release(id, bob, ada);
      expect(await shown(id)).toMatchObject({ status: "open", assignee: null });
    });

    it("[B11] closing keeps the reason, and closing again succeeds", async () => {
      const { id } = await create("Work");
      await source.claim(id, ada);
      await source.close(id, { actor: ada, reason: "Merged to main", comment: "It works.\nTested." });
      const closed = await shown(id);
      expect(closed).toMatchObject({ status: "closed", closeReason: "Merged to main" });
      expect(closed.closedAt).not.toBeNull();
      await source.close(id, { actor: ada, reason: "Merged to main", comment: "It works.\nTested." });
      expect((await shown(id)).closedAt).toBe(closed.closedAt);
      expect(await source.list()).toHaveLength(1);
      expect(await source.ready()).toEqual(new Set());
    });

    it("[B12] a reopened item is open and nobody's, whoever had it", async () => {
      const { id } = await create("Work");
      await source.claim(id, ada);
      await source.close(id, { actor: ada, reason: "Merged to main" });
      await source.reopen(id, { actor: bob, reason: "Reverted" });
      expect(await shown(id)).toMatchObject({ status: "open", assignee: null, closedAt: null });
      await source.reopen(id, { actor: bob, reason: "Reverted" });
      expect(await source.ready()).toEqual(new Set([id]));
      expect(await source.claim(id, bob)).toEqual({ claimed: true });
    });

    it("[B33] what is made twice under one key is one item, whatever is asked for the second time", async () => {
      const draft = {
        title: "Once",
        type: "task",
        priority: 2,
        description: "",
        acceptance: "",
        labels: [],
        parent: null,
      };
      const key = randomUUID();
      const first = await source.create(draft, ada, key);
      expect(await source.create({ ...draft, title: "Twice" }, bob, key)).toEqual(first);
      expect((await source.create(draft, ada, randomUUID())).id).not.toBe(first.id);
      expect(await source.list()).toHaveLength(2);
    });

    it("[B13] an edit changes what it names and nothing else", async () => {
      const epic = await create("Epic", { type: "epic" });
      const made = await create("Before", { description: "Keep", labels: ["a", "b"] });
      const edited = await source.edit(
        made.id,
        { title: "-After", priority: 0, type: "bug", labels: ["b", "project:x"], parent: epic.id },
        bob,
      );
      expect(edited).toMatchObject({
        title: "-After",
        priority: 0,
        type: "bug",
        description: "Keep",
        parent: epic.id,
      });
      expect([...edited.labels].sort()).toEqual(["b", "project:x"]);
      const emptied = await source.edit(made.id, { description: "", labels: [], parent: null }, bob);
      expect(emptied).toMatchObject({ title: "-After", description: "", labels: [], parent: null });
      expect(await source.edit(made.id, {}, bob)).toEqual(emptied);
    });

    it("[B14] an id that is not there is not found, and no abbreviation is guessed", async () => {
      const { id } = await create("Work");
      const short = parseItemId(id.slice(0, -1));
      for (const missing of [nobody, short]) {
        const notFound = { name: "WorkSourceError", kind: "not-found" };
        expect(await source.show(missing)).toBeNull();
        await expect(source.release(missing, ada)).rejects.toMatchObject(notFound);
        await expect(source.close(missing, { actor: ada, reason: "x" })).rejects.toMatchObject(notFound);
        await expect(source.reopen(missing, { actor: ada, reason: "x" })).rejects.toMatchObject(notFound);
        await expect(source.comment(missing, "x", ada)).rejects.toMatchObject(notFound);
        await expect(source.edit(missing, { title: "x" }, ada)).rejects.toMatchObject(notFound);
      }
      expect(await shown(id)).toMatchObject({ title: "Work", status: "open" });
    });

    it("[B15] a change from outside rings, and stops ringing when nobody listens", async () => {
      let rings = 0;
      let heard: () => void = () => undefined;
      const ring = new Promise<void>((resolve) => (heard = resolve));
      const stop = source.watch(() => {
        rings++;
        heard();
      });
      await source.list();
      await subject.rival.create(
        {
          title: "Other",
          type: "task",
          priority: 2,
          description: "",
          acceptance: "",
          labels: [],
          parent: null,
        },
        bob,
        randomUUID(),
      );
      await ring;
      stop();
      const before = rings;
      await create("Unheard");
      expect(rings).toBe(before);
    });
  });
}
