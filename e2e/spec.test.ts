import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const rule = /^\|\s*([A-Z]{1,2}[0-9]+)\s*\|/gm;

/** `[A1]`, `[A1, A2]` and `[A1–A3]` at the beginning of a test's title, and `{ id: "A1"` in a table of cases. */
function idsIn(text: string): string[] {
  const named = [...text.matchAll(/["'`]\[((?:[A-Z]{1,2}[0-9]+[–,\s-]*)+)\]/g)].flatMap(
    ([, list]) => list ?? "",
  );
  const tabled = [...text.matchAll(/\{ id: "([A-Z]{1,2}[0-9]+)"/g)].map(([, id = ""]) => id);
  return [...named, ...tabled].flatMap((list) =>
    list.split(/,\s*/).flatMap((part) => {
      const [first, last] = part.split(/[–-]/).map((each) => /([A-Z]+)([0-9]+)/.exec(each));
      if (!first) return [];
      const [from, to] = [Number(first[2]), Number((last ?? first)[2])];
      return Array.from({ length: to - from + 1 }, (_, i) => `${first[1] ?? ""}${from + i}`);
    }),
  );
}

async function read(folder: string, ending: RegExp): Promise<Map<string, string>> {
  const files = (await readdir(root + folder, { recursive: true })).filter((file) => ending.test(file));
  return new Map(
    await Promise.all(
      files.map(async (file) => [file, await readFile(`${root}${folder}/${file}`, "utf8")] as const),
    ),
  );
}

describe("the specification", () => {
  it("[H5] gives each ID once, and has a test for each rule", async () => {
    const given = new Map<string, string[]>();
    for (const [file, text] of await read("docs/spec", /\.md$/)) {
      for (const [, id = ""] of text.matchAll(rule)) given.set(id, [...(given.get(id) ?? []), file]);
    }
    expect(given.size).toBeGreaterThan(100);
    expect([...given].filter(([, files]) => files.length > 1)).toEqual([]);

    const proved = new Set<string>();
    for (const folder of ["lib", "server", "cli", "components", "e2e"]) {
      const tests = await read(folder, /\.(?:test\.tsx?|spec\.ts|contract\.ts)$/);
      for (const text of tests.values()) for (const id of idsIn(text)) proved.add(id);
    }
    expect([...given.keys()].filter((id) => !proved.has(id))).toEqual([]);
  });
});
