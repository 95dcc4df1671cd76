import { describe, expect, it } from "vitest";
import { parseItemId } from "#lib/domain/ids.ts";
import { actorNamed } from "../../e2e/fixtures/actor.ts";
import { createMemoryWorkSource } from "../../e2e/fakes/memory-work-source.ts";
import { createTestApplication, owner } from "../../e2e/fixtures/application.ts";

describe("item commands", () => {
  it("[X11] make, change, tie and close items in the tracker, and answer with what it holds then", async () => {
    await using test = await createTestApplication();
    await test.add();
    const { item: first } = await test.command("item:create", { title: "First" });
    const { item: second } = await test.command("item:create", {
      title: "Second",
      labels: ["ui"],
      dependsOn: [first.id],
    });
    expect(second).toMatchObject({ title: "Second", type: "task", priority: 2, blockedBy: [first.id] });
    const edited = await test.command("item:edit", { item: second.id, title: "Other", priority: 0 });
    expect(edited.item).toMatchObject({ title: "Other", priority: 0, labels: ["ui"] });
    await test.command("item:depend", { item: second.id, on: first.id, remove: true });
    const read = await test.inside().application.read("item", { item: second.id }, { actor: owner });
    expect(read).toMatchObject({ blockedBy: [], unready: null });
    const closed = await test.command("item:close", { item: second.id, reason: "Not needed" });
    expect(closed.item.status).toBe("closed");
    expect(test.backlog.items.get(second.id)).toMatchObject({ closeReason: "Not needed", closedBy: "Ada" });
  });

  it("[X12] tell what the tracker refuses in its own words", async () => {
    await using test = await createTestApplication();
    await test.add();
    const { item } = await test.command("item:create", { title: "First" });
    const gone = parseItemId("t-99");
    for (const refused of [
      test.command("item:close", { item: gone }),
      test.command("item:edit", { item: gone, title: "Other" }),
      test.command("item:depend", { item: item.id, on: gone }),
      test.command("item:create", { title: "Second", dependsOn: [gone] }),
    ])
      await expect(refused).rejects.toMatchObject({ problem: { code: "not-found" } });
    await expect(test.command("item:create", { title: " " })).rejects.toMatchObject({
      problem: { code: "invalid" },
    });
    await expect(test.command("item:edit", { item: item.id })).rejects.toMatchObject({
      problem: { code: "invalid" },
    });
    await expect(
      test.command("item:create", { title: "No" }, { actor: actorNamed("Eve", "viewer") }),
    ).rejects.toMatchObject({ problem: { code: "forbidden" } });
    expect(test.backlog.items.size).toBe(1);
  });

  it("[X19] open a closed item again, and take one from whoever holds it", async () => {
    await using test = await createTestApplication();
    await test.add();
    const { item } = await test.command("item:create", { title: "First" });
    await test.command("item:close", { item: item.id });
    const dispatch = () => test.command("session:dispatch", { item: item.id });
    const refused = (fix: string) => ({
      problem: { code: "conflict", fix: expect.stringContaining(fix) as string },
    });
    await expect(dispatch()).rejects.toMatchObject(refused(`amplify item reopen ${item.id}`));
    await expect(test.command("item:release", { item: item.id })).rejects.toMatchObject(
      refused("item reopen"),
    );
    const reopened = await test.command("item:reopen", { item: item.id, reason: "It came back" });
    expect(reopened.item).toMatchObject({ status: "open", assignee: null, unready: null });
    expect((await test.command("item:reopen", { item: item.id })).item.status).toBe("open");

    await createMemoryWorkSource(test.backlog).claim(item.id, "bob");
    await test.command("item:edit", { item: item.id, priority: 1 });
    await expect(dispatch()).rejects.toMatchObject(refused(`amplify item release ${item.id}`));
    await expect(test.command("item:reopen", { item: item.id })).rejects.toMatchObject(
      refused("item release"),
    );
    const released = await test.command("item:release", { item: item.id });
    expect(released.item).toMatchObject({ status: "open", assignee: null, unready: null });
    expect(test.backlog.calls).toContain(`release ${item.id} Ada`);
  });

  it("[X20] what a session of ours holds is given up by its stop alone", async () => {
    await using test = await createTestApplication();
    await test.add();
    const { item } = await test.command("item:create", { title: "First" });
    const { session } = await test.dispatch(item.id);
    await expect(test.command("item:release", { item: item.id })).rejects.toMatchObject({
      problem: { code: "conflict", fix: `Give that up: amplify session stop ${session.id} --discard` },
    });
    expect(test.backlog.items.get(item.id)).toMatchObject({ status: "in_progress" });
    // What somebody else has taken from it is not its own any more.
    const source = createMemoryWorkSource(test.backlog);
    await source.release(item.id, "bob", `amplify/${session.id}`);
    await source.claim(item.id, "bob");
    expect((await test.command("item:release", { item: item.id })).item.assignee).toBeNull();
  });

  it("[X18] an item that was made when the server died is not made again by whoever repeats the command", async () => {
    let dies = true;
    await using test = await createTestApplication({
      store: (store) => ({
        ...store,
        commit(change, at) {
          const isReceipt = change.receipt?.name === "item:create";
          return isReceipt && dies
            ? Promise.reject(new Error("The server was killed here."))
            : store.commit(change, at);
        },
      }),
    });
    await test.add();
    const key = "made-once-0001";
    await expect(test.command("item:create", { title: "Once" }, { key })).rejects.toThrow("killed here");
    await test.restart({ before: () => Promise.resolve(void (dies = false)) });
    const { item } = await test.command("item:create", { title: "Once" }, { key });
    expect([...test.backlog.items.keys()]).toEqual([item.id]);
    await test.command("item:create", { title: "Once" });
    expect(test.backlog.items.size).toBe(2);
  });
});
