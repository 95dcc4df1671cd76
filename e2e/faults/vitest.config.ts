import { defineConfig } from "vitest/config";

/** The fault driver. Two scenarios at a time: each starts a whole house with many agents. */
export default defineConfig({
  test: {
    include: ["e2e/faults/*.test.ts"],
    testTimeout: 12 * 3_600_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    disableConsoleIntercept: true,
    reporters: ["verbose"],
  },
});
