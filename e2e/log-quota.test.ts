import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createRehearsalHouse } from "./fixtures/rehearsal-house.ts";

const quotaBytes = 20_000;

it("[Z36] a session that floods its log is ended with the reason, what it printed is kept, and others go on", async () => {
  await using house = await createRehearsalHouse({
    config: { limits: { logMegabytes: quotaBytes / 1_000_000 } },
  });
  const lines = Array.from({ length: 30 }, (_, n) => `say: ${String(n)} ${"x".repeat(2000)}`);
  const flood = await house.createItem("Flood", ["pause: 300", ...lines].join("\n"));
  expect(await house.amplify("session", "dispatch", flood)).toMatchObject({ exit: 0 });
  const view = await house.until("its end", async () => {
    const session = await house.session(flood);
    return session.status === "failed" ? session : null;
  });
  expect(view.reason).toMatchObject({ code: "log-flood" });
  expect(view.reason?.detail).toMatch(/^It printed more than 20 KB \(limits\.logMegabytes\)/);
  const { stdout } = await house.amplify("session", "status", flood);
  expect(stdout).toContain("It printed more than 20 KB");
  const stream = await readFile(join(view.directory, "steps/001/stream.jsonl"), "utf8");
  expect(stream.length).toBeGreaterThan(quotaBytes);
  const log = (await house.amplify("session", "logs", flood)).stdout;
  expect(log).toContain("0 xxx");
  expect(log).toContain("(log-flood)");

  const quiet = await house.createItem("Quiet", "fail: hang");
  expect(await house.amplify("session", "dispatch", quiet)).toMatchObject({ exit: 0 });
  await house.until("what it printed", async () => {
    const said = (await house.amplify("session", "status", quiet)).stdout;
    return /printed\s+\S+ \w+ of 20 KB that it may/.test(said) ? true : null;
  });
  expect(await house.amplify("session", "stop", quiet)).toMatchObject({ exit: 0 });
}, 120_000);
