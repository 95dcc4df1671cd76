import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
let house: string;

/** A little house with the real rules, in which a test may plant what it likes. */
beforeEach(async () => {
  house = await mkdtemp(join(tmpdir(), "amplify-walls-"));
  await cp(join(root, ".dependency-cruiser.cjs"), join(house, ".dependency-cruiser.cjs"));
  await plant(
    "tsconfig.page.json",
    '{ "compilerOptions": { "allowImportingTsExtensions": true, "noEmit": true } }',
  );
  await plant(
    "package.json",
    '{ "type": "module", "imports": { "#lib/*": "./lib/*", "#server/*": "./server/*" } }',
  );
  await plant("lib/domain/rule.ts", "export const rule = 1;");
  await plant("server/ports.ts", 'export { rule } from "#lib/domain/rule.ts";');
  await plant("server/main.ts", 'import "./ports.ts";');
});

afterEach(() => rm(house, { recursive: true, force: true }));

async function plant(path: string, text: string) {
  await mkdir(dirname(join(house, path)), { recursive: true });
  await writeFile(join(house, path), text);
}

function inspect(): Promise<{ passed: boolean; said: string }> {
  const program = join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
  const args = [program, "--config", ".dependency-cruiser.cjs", "--output-type", "err-long", "lib", "server"];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: house }, (error, stdout) =>
      resolve({ passed: error === null, said: stdout }),
    );
  });
}

describe("the walls", () => {
  it("[H1] let a house through that keeps to them", async () => {
    const { passed, said } = await inspect();
    expect(said).toContain("no dependency violations");
    expect(passed).toBe(true);
  });

  it.each([
    [
      "[H2] refuse a domain that knows the server",
      "lib/domain/bad.ts",
      'import "#server/ports.ts";',
      "room lib/domain/",
    ],
    [
      "[H2] refuse an adapter that knows another adapter",
      "server/adapters/git/bad.ts",
      'import "../beads/bd.ts";',
      "room server/adapters/",
    ],
    [
      "[H2] refuse a runner that opens the database",
      "server/runner/bad.ts",
      'import "#server/store/client.ts";',
      "room server/runner/",
    ],
    ["[H3] refuse a domain that reads files", "lib/domain/bad.ts", 'import "node:fs";', "domain is pure"],
  ])("%s", async (_title, path, text, rule) => {
    await plant("server/adapters/beads/bd.ts", "export {};");
    await plant("server/store/client.ts", "export {};");
    await plant(path, text);
    const { passed, said } = await inspect();
    expect(said).toContain(rule);
    expect(passed).toBe(false);
  });

  it("[H4] refuse two files that need each other", async () => {
    await plant("lib/domain/a.ts", 'import "./b.ts";');
    await plant("lib/domain/b.ts", 'import "./a.ts";');
    expect((await inspect()).said).toContain("no circles");
  });
});
