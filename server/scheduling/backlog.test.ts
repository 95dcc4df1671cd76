import { expect, it } from "vitest";
import { parseItemId } from "#lib/domain/ids.ts";
import { memoryItem } from "../../e2e/fakes/memory-work-source.ts";
import { createTestApplication, owner } from "../../e2e/fixtures/application.ts";

it("[D201] a tracker that hangs holds nobody for more than ten seconds and says so; nothing is claimed, and it is found well again", async () => {
  const answers: (() => void)[] = [];
  let asked = () => {};
  let hangs = false;
  await using test = await createTestApplication({
    source: (source) => ({
      ...source,
      async list() {
        if (hangs) {
          await new Promise<void>((resolve) => {
            answers.push(resolve);
            asked();
          });
        }
        return source.list();
      },
    }),
  });
  test.backlog.items.set(parseItemId("t-1"), memoryItem("t-1"));
  const repository = await test.add();
  await test.inside().application.read("items", {}, { actor: owner });
  const problem = async () => {
    const all = await test.inside().application.read("repositories", {}, { actor: owner });
    return all.find(({ id }) => id === repository)?.problem ?? null;
  };
  expect(await problem()).toBeNull();

  hangs = true;
  const begun = new Promise<void>((resolve) => (asked = resolve));
  const unknown = test.command("session:dispatch", { item: parseItemId("t-2") });
  await begun;
  test.clock.advance(10_000);
  // What is known does not hold it, so that is refused at once.
  await expect(unknown).rejects.toMatchObject({ problem: { code: "not-found" } });
  expect(await problem()).toContain("has not answered for 10 s");
  const ready = test.command("session:dispatch-ready", {});
  const isOver = ready.then(() => true);
  while (!(await Promise.race([isOver, test.elapse(10_000)])));
  // What was known is dispatched; its claim waits for the tracker.
  expect((await ready).dispatched.map(({ item }) => item.id)).toEqual(["t-1"]);

  hangs = false;
  for (const answer of answers) answer();
  await test.inside().application.settled();
  expect(await problem()).toBeNull();
});
