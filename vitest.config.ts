import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{lib,server,cli,components,bin,e2e}/**/*.test.{ts,tsx}"],
    exclude: ["e2e/{real,faults}/**", "node_modules/**"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Most tests wait for git, files and processes, not for the processor.
    maxWorkers: 3,
  },
});
