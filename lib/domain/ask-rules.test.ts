import { describe, expect, it } from "vitest";
import { asksFor } from "./ask-rules.ts";

const change = (paths: string[], more: Partial<Parameters<typeof asksFor>[1]> = {}) => ({
  labels: [],
  lines: 0,
  ...more,
  paths,
});

describe("what only a person lands", () => {
  it("[M115] is told by label, path and size", () => {
    expect(asksFor([{ label: "risky" }], change(["a"], { labels: ["risky"] }))).toEqual([
      "It has the label risky.",
    ]);
    expect(asksFor([{ label: "risky" }], change(["a"], { labels: ["Risky business"] }))).toEqual([]);
    expect(asksFor([{ files: 1 }], change(["a", "b"]))).toEqual(["It changes 2 files, more than 1."]);
    expect(asksFor([{ lines: 10 }], change(["a"], { lines: 10 }))).toEqual([]);
    expect(asksFor([{ lines: 10 }], change(["a"], { lines: 11 }))).toHaveLength(1);
  });

  it.each([
    ["migrations/**", "migrations/001/up.sql", true],
    ["migrations/", "migrations/001.sql", true],
    ["migrations", "migrations/001.sql", true],
    ["migrations", "db/migrations/001.sql", true],
    ["/migrations/**", "db/migrations/001.sql", false],
    ["**/auth/*.ts", "src/auth/login.ts", true],
    ["**/auth/*.ts", "auth/login.ts", true],
    ["src/*.ts", "src/deep/a.ts", false],
    ["*.sql", "db/a.sql", true],
    ["*.sql", "db/a.sqlx", false],
    ["a?c.txt", "abc.txt", true],
    ["package.json", "Package.json", true],
    ["a+(b).txt", "a+(b).txt", true],
    ["a.b", "axb", false],
  ])("[M116] %s and %s: %s", (path, file, hit) => {
    expect(asksFor([{ path }], change([file])).length > 0).toBe(hit);
  });

  it("[M117] is always the configuration by which work lands", () => {
    expect(asksFor([], change(["amplify.config.json"]))).toEqual(["It changes amplify.config.json."]);
    expect(asksFor([], change([".amplify/agents/default.md"]))).toHaveLength(1);
    expect(asksFor([], change(["src/amplify.ts"]))).toEqual([]);
  });
});
