import { describe, expect, it } from "vitest";
import { parseItemId } from "#lib/domain/ids.ts";
import { actorNamed } from "../../e2e/fixtures/actor.ts";
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
