import { expect, test } from "vitest";
import type { ReadOutput } from "#lib/contract/wire.ts";
import { createTestApplication, owner } from "../../e2e/fixtures/application.ts";

test("[T105] the activity is read page by page to the first fact, whole or without what machines did", async () => {
  await using app = await createTestApplication();
  const repository = await app.add();
  const texts = Array.from({ length: 25 }, (_, index) => `Thing ${String(index)}`);
  const { store } = app.inside();
  await store.commit(
    {
      facts: texts.map((text, index) => {
        const actor = index % 5 === 0 ? "Mira" : index % 2 ? "server" : "session-bd-1-abc123";
        return { name: "warning:raised", repository, session: null, actor, text, changes: {} };
      }),
    },
    app.clock.now().toISOString(),
  );

  async function all(query: { people?: boolean; repository?: string }) {
    const pages: ReadOutput<"activity">[] = [];
    let before: number | null = null;
    do {
      const page: ReadOutput<"activity"> = await app
        .inside()
        .application.read("activity", { ...query, before, limit: 7 }, { actor: owner });
      pages.push(page);
      before = page.next;
    } while (before !== null);
    return pages.flatMap(({ facts }) => facts);
  }

  const everything = await all({});
  expect(everything.map(({ seq }) => seq)).toEqual(
    Array.from({ length: everything.length }, (_, index) => everything.length - index),
  );
  expect(everything.slice(0, 25).map(({ text }) => text)).toEqual(texts.toReversed());
  expect(everything[0]).not.toHaveProperty("changes");
  const people = await all({ people: true });
  expect(new Set(people.map(({ actor }) => actor))).toEqual(new Set(["Mira", owner.name]));
  expect(people.filter(({ actor }) => actor === "Mira")).toHaveLength(5);
  const elsewhere = await all({ repository: "0000000000000000" });
  expect(elsewhere.filter(({ text }) => text.startsWith("Thing"))).toEqual([]);
});
