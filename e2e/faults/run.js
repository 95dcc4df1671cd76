import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

/**
 * `npm run test:faults [-- --full] [--share <part>] [--seed <n>] [--only <scenario>] [--minutes <n>]`: the fault
 * driver. Every scenario prints its seed and its counts; with that seed it makes the same choices again. Without
 * one, the seeds of `seeds.json`, each of which found something once, come first, and then a new one.
 */
const { values } = parseArgs({
  options: {
    full: { type: "boolean", default: false },
    seed: { type: "string" },
    only: { type: "string", multiple: true, default: [] },
    /** How long the soak goes on. */
    minutes: { type: "string" },
    /** A part of the full counts, such as 0.1. */
    share: { type: "string" },
  },
});
const share = Number(values.share ?? 1);
if (!(share > 0 && share <= 1)) {
  console.error(`--share is a part of the full counts, above 0 and at most 1; ${values.share} is none.`);
  process.exit(2);
}
const vitest = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));
const config = fileURLToPath(new URL("./vitest.config.ts", import.meta.url));
const kept = Object.entries(JSON.parse(readFileSync(new URL("./seeds.json", import.meta.url), "utf8")))
  .filter(([name]) => values.seed === undefined && (values.only.length === 0 || values.only.includes(name)))
  .flatMap(([name, seeds]) => seeds.map(({ seed, found }) => ({ only: [name], seed, found, isFull: false })));
const fresh = {
  only: values.only,
  seed: values.seed ?? String(Date.now() % 1_000_000),
  isFull: values.full,
};

let worst = 0;
for (const { only, seed, found, isFull } of [...kept, fresh]) {
  if (found) console.log(`${only[0]}, seed ${seed}, which found that ${found}`);
  const { status } = spawnSync(
    process.execPath,
    [...[vitest, "run", "--config", config], ...only.map((name) => `e2e/faults/${name}.test.ts`)],
    {
      stdio: "inherit",
      env: {
        ...process.env,
        FAULTS_SEED: seed,
        FAULTS_TIER: isFull ? "full" : "short",
        ...(values.minutes === undefined ? {} : { FAULTS_MINUTES: values.minutes }),
        FAULTS_SHARE: String(share),
      },
    },
  );
  worst = Math.max(worst, status ?? 1);
}
process.exit(worst);
