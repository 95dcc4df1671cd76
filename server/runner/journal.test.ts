import type * as fs from "node:fs/promises";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { openJournal } from "./journal.ts";

/** What the disk answers to the next write and the next sync of a file. */
const disk = vi.hoisted(() => ({ write: null as Error | null, sync: null as Error | null }));

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof fs>();
  const fail = (what: "write" | "sync") => {
    const error = disk[what];
    disk[what] = null;
    if (error) throw error;
  };
  return {
    ...real,
    async writeFile(file: fs.FileHandle, data: Buffer) {
      // A full disk takes the beginning.
      if (disk.write) await real.writeFile(file, data.subarray(0, 9));
      fail("write");
      return real.writeFile(file, data);
    },
    async open(...args: Parameters<typeof fs.open>) {
      const file = await real.open(...args);
      const datasync = file.datasync.bind(file);
      file.datasync = async () => {
        fail("sync");
        await datasync();
      };
      return file;
    },
  };
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "amplify-journal-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = "2026-01-01T00:00:00.000Z";
const said = (text: string) => ({ at, kind: "warned", text }) as const;
const error = (code: string) => Object.assign(new Error(code), { code });
const texts = async () =>
  (await readFile(join(folder, "events.jsonl"), "utf8"))
    .split("\n")
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as { seq: number; event: { text: string } }).event.text);

it.each([
  ["write", "ENOSPC"],
  ["write", "EIO"],
  ["sync", "EIO"],
  ["sync", "ENOSPC"],
] as const)(
  "[R209] an event whose %s fails (%s) has not happened, and the history goes on without it",
  async (what, code) => {
    const { journal } = await openJournal(folder, at);
    await journal.append(said("first"));
    disk[what] = error(code);
    await expect(journal.append(said("lost"))).rejects.toMatchObject({ code });
    expect(journal.seq).toBe(1);
    expect(await journal.mend(at)).toBeNull();
    expect(await texts()).toEqual(["first"]);
    await journal.append(said("second"));
    await journal.close();
    expect(await texts()).toEqual(["first", "second"]);
    const again = await openJournal(folder, at);
    expect(again.repairs).toEqual([]);
    expect(again.lines.map(({ seq }) => seq)).toEqual([1, 2]);
    await again.journal.close();
  },
);
