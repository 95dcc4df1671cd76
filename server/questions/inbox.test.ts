import { expect, it } from "vitest";
import { parseItemId } from "#lib/domain/ids.ts";
import { memoryItem } from "../../e2e/fakes/memory-work-source.ts";
import { createTestApplication, owner } from "../../e2e/fixtures/application.ts";

const id = parseItemId;

it("[Q105] the inbox holds what needs a person, with what each holds up", async () => {
  await using test = await createTestApplication();
  for (const name of ["t-1", "t-2", "t-3"]) test.backlog.items.set(id(name), memoryItem(name));
  test.backlog.items.set(
    id("t-4"),
    memoryItem("t-4", { dependencies: [{ from: id("t-4"), to: id("t-2"), kind: "blocks" }] }),
  );
  await test.add();
  const asked = await test.dispatch("t-1");
  await asked.runner.prepare();
  await asked.runner.startStep();
  await asked.runner.ask("Which hash?", ["bcrypt", "argon2"]);
  await test.reaches(asked.session.id, "waiting");
  const done = await test.dispatch("t-2");
  await done.runner.bringToApproval();
  await test.reaches(done.session.id, "approved");
  const working = await test.dispatch("t-3");
  await working.runner.prepare();
  await working.runner.startStep();
  await test.reaches(working.session.id, "running");

  const { application } = test.inside();
  const queue = await application.read("inbox", { repository: null }, { actor: owner });
  expect(queue.map(({ kind, item, unblocks }) => [kind, item.id, unblocks])).toEqual([
    ["approval", "t-2", 1],
    ["question", "t-1", 0],
  ]);
  await test.command("question:answer", { text: "argon2" });
  expect(await application.read("inbox", { repository: null }, { actor: owner })).toHaveLength(1);
});
