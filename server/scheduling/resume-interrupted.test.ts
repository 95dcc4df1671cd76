import { expect, it } from "vitest";
import { parseItemId } from "#lib/domain/ids.ts";
import { memoryItem } from "../../e2e/fakes/memory-work-source.ts";
import { createTestApplication } from "../../e2e/fixtures/application.ts";

it("[D200] what a restart of the machine has cut off goes on by one command, within the limit, each once, over a restart too", async () => {
  await using test = await createTestApplication({ limit: 2 });
  const names = ["t-1", "t-2", "t-3"];
  for (const name of names) test.backlog.items.set(parseItemId(name), memoryItem(name));
  await test.add();
  const begun: Awaited<ReturnType<typeof test.dispatch>>[] = [];
  for (const name of names) {
    const { session, runner } = await test.dispatch(name);
    await test.reaches(session.id, "preparing");
    await runner.prepare();
    await runner.startStep();
    await runner.write({ kind: "interrupted", why: "The machine was restarted." });
    await test.reaches(session.id, "interrupted");
    begun.push({ session, runner });
  }
  const told = async () =>
    (await Promise.all(begun.map(({ runner }) => runner.inbox()))).map((inbox) =>
      inbox.map(({ kind }) => kind),
    );

  expect(await test.command("session:resume-interrupted", {})).toEqual({
    resumed: begun.map(({ session }) => session.id),
  });
  await test.inside().application.settled();
  expect(await told()).toEqual([["resume"], ["resume"], []]);
  expect(await test.command("session:resume-interrupted", {})).toEqual({ resumed: [] });
  await test.restart();
  await test.inside().application.settled();
  expect(await told()).toEqual([["resume"], ["resume"], []]);

  const [first] = begun;
  await first!.runner.write({ kind: "resumed", by: "Amplify", note: "", inbox: 1, fresh: false });
  await test.reaches(first!.session.id, "running");
  await first!.runner.write({ kind: "stopped", by: "Ada", discard: false, inbox: 2 });
  await test.reaches(first!.session.id, "stopped");
  await test.inside().application.settled();
  expect(await told()).toEqual([["resume"], ["resume"], ["resume"]]);
});
