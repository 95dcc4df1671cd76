import { defineConfig } from "vitest/config";

/** The tier that needs the real tools of `install.sh`. One file at a time: they are heavy. */
export default defineConfig({
  test: {
    include: ["e2e/real/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
