import { appendFileSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { parseItemId } from "#lib/domain/ids.ts";
import type { Item } from "#lib/domain/item.ts";
import type { Clock } from "#server/ports.ts";
import { readItem } from "./bd-item.ts";
import { watchBeads } from "./watch-beads.ts";

/** A clock that tests turn: calls wait until `pass` reaches them. */
function turnable() {
  let now = 0;
  let waiting: { at: number; call: () => void }[] = [];
  const clock: Clock = {
    now: () => new Date(now),
    after(ms, call) {
      const entry = { at: now + ms, call };
      waiting.push(entry);
      return () => (waiting = waiting.filter((each) => each !== entry));
    },
  };
  const pass = (ms: number) => {
    now += ms;
    const due = waiting.filter(({ at }) => at <= now);
    waiting = waiting.filter(({ at }) => at > now);
    for (const { call } of due) call();
  };
  return { clock, pass, delays: () => waiting.map(({ at }) => at - now).sort((a, b) => a - b) };
}

const item = (title: string): Item => {
  const read = readItem({ id: parseItemId("t-1"), title });
  if (!read) throw new Error("no item");
  return read;
};

describe("watching a workspace", () => {
  let repository: string;
  let beads: string;
  let noms: string;
  let time: ReturnType<typeof turnable>;
  let rings: number;
  let lists: number;
  let items: Item[];
  let stop: () => void;

  beforeEach(() => {
    repository = mkdtempSync(join(tmpdir(), "amplify-watch-"));
    beads = join(repository, ".beads");
    noms = join(beads, "embeddeddolt", "t", ".dolt", "noms");
    mkdirSync(noms, { recursive: true });
    writeFileSync(join(beads, "issues.jsonl"), "{}\n");
    writeFileSync(join(beads, "beads.db"), "db");
    writeFileSync(join(noms, "manifest"), "5:root");
    writeFileSync(join(noms, "journal"), "chunk");
    time = turnable();
    rings = 0;
    lists = 0;
    items = [item("A")];
    stop = watchBeads({
      repository,
      clock: time.clock,
      list() {
        lists++;
        return Promise.resolve(items);
      },
      changed: () => rings++,
    });
  });

  afterEach(() => {
    stop();
    rmSync(repository, { recursive: true, force: true });
  });

  /** The first look is taken when the first poll says that there are files to watch. */
  const settle = async () => {
    time.pass(5_000);
    await vi.waitFor(() => expect(time.delays()).toContain(60_000));
  };
  /** The system told of a change, and the doorbell waits for it to settle. */
  const noticed = () => vi.waitFor(() => expect(time.delays()).toContain(300));

  it.each<[string, () => void]>([
    ["the exported JSONL", () => appendFileSync(join(beads, "issues.jsonl"), "{}\n")],
    ["Dolt's journal", () => appendFileSync(join(noms, "journal"), "chunk")],
    ["Dolt's manifest", () => writeFileSync(join(noms, "manifest"), "5:else")],
  ])("[B28] a write to %s rings once", async (_, write) => {
    await settle();
    write();
    await noticed();
    time.pass(300);
    await vi.waitFor(() => expect(rings).toBe(1));
  });

  it.each<[string, () => void]>([
    ["the SQLite database", () => writeFileSync(join(beads, "beads.db"), "other")],
    ["the last touched item", () => writeFileSync(join(beads, "last-touched"), "t-1")],
    ["the time of Dolt's files", () => utimesSync(join(noms, "journal"), new Date(), new Date())],
  ])("[B28] what reading changes, %s, does not ring", async (_, touch) => {
    await settle();
    touch();
    await noticed();
    time.pass(300);
    // A write that is noticed later proves that the touch had been looked at and found empty.
    appendFileSync(join(beads, "issues.jsonl"), "{}\n");
    await noticed();
    time.pass(300);
    await vi.waitFor(() => expect(rings).toBe(1));
  });

  it("[B28] a burst of signs is one look", async () => {
    await settle();
    for (let n = 0; n < 50; n++) appendFileSync(join(beads, "issues.jsonl"), "{}\n");
    await noticed();
    expect(time.delays().filter((ms) => ms <= 300)).toHaveLength(1);
  });

  it("[B29] the poll rings for what the files did not tell", async () => {
    await settle();
    items = [item("B")];
    time.pass(60_000);
    await vi.waitFor(() => expect(rings).toBe(1));
    expect(lists).toBe(2);
  });

  it("[B29] without local files the poll is frequent, and backs off from a slow tracker", async () => {
    stop();
    rmSync(beads, { recursive: true });
    const slow = turnable();
    stop = watchBeads({
      repository,
      clock: slow.clock,
      list() {
        slow.pass(2_000);
        return Promise.resolve(items);
      },
      changed: () => rings++,
    });
    expect(slow.delays()).toEqual([5_000]);
    slow.pass(5_000);
    await vi.waitFor(() => expect(slow.delays()).toEqual([20_000]));
  });

  it("[B29] a tracker that fails does not ring", async () => {
    await settle();
    stop();
    const failing = turnable();
    const list = vi.fn(() => Promise.reject(new Error("locked")));
    stop = watchBeads({ repository, clock: failing.clock, list, changed: () => rings++ });
    failing.pass(5_000);
    await vi.waitFor(() => expect(failing.delays()).toContain(60_000));
    expect(list).toHaveBeenCalledOnce();
    expect(rings).toBe(0);
  });

  it("[B30] after the stop nothing is left waiting", async () => {
    await settle();
    stop();
    expect(time.delays()).toEqual([]);
  });
});
