import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

/**
 * `npm run test:faults [-- --full] [--seed <n>] [--only <scenario>] [--minutes <n>]`: the fault driver. Every
 * scenario prints its seed and its counts; with that seed it makes the same choices again.
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
const vitest = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));
const config = fileURLToPath(new URL("./vitest.config.ts", import.meta.url));
const { status } = spawnSync(
  process.execPath,
  [vitest, "run", "--config", config, ...values.only.map((name) => `e2e/faults/${name}.test.ts`)],
  {
    stdio: "inherit",
    env: {
      ...process.env,
      FAULTS_SEED: values.seed ?? String(Date.now() % 1_000_000),
      FAULTS_TIER: values.full ? "full" : "short",
      ...(values.minutes === undefined ? {} : { FAULTS_MINUTES: values.minutes }),
      ...(values.share === undefined ? {} : { FAULTS_SHARE: values.share }),
    },
  },
);
process.exit(status ?? 1);
