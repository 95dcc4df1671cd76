import { mkdir, mkdtemp, rename, rm, symlink, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ProblemError } from "#server/application.ts";
import { openLogFile } from "./log-file.ts";

const opens = 3000;
let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "amplify-log-file-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** What opening comes to: the text that is read, or how it was refused. */
async function outcome(file: string, directory: string): Promise<string> {
  try {
    const log = await openLogFile(file, directory);
    if (log === null) return "nothing there";
    try {
      return await log.handle.readFile("utf8");
    } finally {
      await log.handle.close();
    }
  } catch (error) {
    return error instanceof ProblemError ? "refused" : String(error);
  }
}

for (const swapped of ["the log", "its folder"]) {
  test(`[L14] however often ${swapped} is swapped for a link while it is opened, nothing outside is read`, async () => {
    const directory = path.join(root, "session");
    const folder = path.join(directory, "steps");
    const file = path.join(folder, "stderr.log");
    const outside = path.join(root, "run");
    for (const each of [folder, outside]) await mkdir(each, { recursive: true });
    await writeFile(file, "the log");
    await writeFile(path.join(outside, "stderr.log"), "what nobody may read");
    const [place, target] =
      swapped === "the log" ? [file, path.join(outside, "stderr.log")] : [folder, outside];
    const aside = path.join(directory, "aside");

    let isOver = false;
    async function swap(): Promise<number> {
      let count = 0;
      for (; !isOver; count++) {
        await rename(place, aside);
        await symlink(target, place);
        await unlink(place);
        await rename(aside, place);
      }
      return count;
    }
    const swapping = swap();
    const outcomes = new Set<string>();
    for (let n = 0; n < opens; n++) outcomes.add(await outcome(file, directory));
    isOver = true;
    expect(await swapping).toBeGreaterThan(opens / 10);
    expect([...outcomes].filter((each) => !["the log", "refused", "nothing there"].includes(each))).toEqual(
      [],
    );
    // The link was met, and what is no link is read as ever.
    expect(outcomes).toContain("refused");
    expect(await outcome(file, directory)).toBe("the log");
  });
}
