import { describe, expect, it } from "vitest";
import { parseItemId } from "#lib/domain/ids.ts";
import { memoryItem } from "../../e2e/fakes/memory-work-source.ts";
import { createTestApplication } from "../../e2e/fixtures/application.ts";
import { storageFaultOf } from "../files/storage-error.ts";

const full = () => Object.assign(new Error("database or disk is full"), { code: "SQLITE_FULL" });

describe("a disk that cannot be written", () => {
  it("[D120] the disk's fault is told from every other error, however it is wrapped", () => {
    const coded = (code: string) => Object.assign(new Error("write"), { code });
    expect(storageFaultOf(coded("ENOSPC"))).toBe("full");
    expect(storageFaultOf(coded("EDQUOT"))).toBe("full");
    expect(storageFaultOf(coded("EROFS"))).toBe("read-only");
    expect(storageFaultOf(coded("EIO"))).toBe("failing");
    expect(storageFaultOf(new Error("prisma", { cause: full() }))).toBe("full");
    expect(storageFaultOf(new Error("attempt to write a readonly database"))).toBe("read-only");
    expect(storageFaultOf(coded("ENOENT"))).toBeNull();
    expect(storageFaultOf("ENOSPC")).toBeNull();
  });

  it("[D121] is told to everybody; commands are refused and nothing begins, until it works again by itself", async () => {
    let isFull = false;
    const test = await createTestApplication({
      store: (store) => ({
        ...store,
        commit: (change, at) => (isFull ? Promise.reject(full()) : store.commit(change, at)),
      }),
    });
    await using _ = test;
    for (const name of ["t-1", "t-2"]) test.backlog.items.set(parseItemId(name), memoryItem(name));
    await test.add();
    const { session, runner } = await test.dispatch("t-1");
    const { application } = test.inside();
    const told: number[] = [];
    application.onAlerts((alerts) => told.push(alerts.length));
    isFull = true;
    const second = () => test.command("session:dispatch", { item: parseItemId("t-2") });
    await expect(second()).rejects.toMatchObject({ problem: { code: "unavailable" } });
    await expect(second()).rejects.toMatchObject({ problem: { code: "unavailable" } });
    expect(application.alerts()).toMatchObject([{ kind: "storage", account: null }]);
    // The runner's word is not lost meanwhile.
    await runner.prepare();
    await application.settled();
    expect((await test.session(session.id)).status).toBe("preparing");
    isFull = false;
    const started = test.reaches(session.id, "running");
    await test.elapse(2_500);
    await started;
    expect(application.alerts()).toEqual([]);
    expect(told).toEqual([1, 0]);
    expect((await second()).session.item.id).toBe("t-2");
  });
});
