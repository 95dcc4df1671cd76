import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

/** A corner shop's till: small enough to read, with tests that need nothing but Node. */
const files = (agentFolder: string): Readonly<Record<string, string>> => ({
  "README.md": "# Till\n\nThe till of a corner shop, in plain JavaScript. Tests: `npm test`.\n",
  "package.json": `${JSON.stringify(
    { name: "till", version: "0.0.0", private: true, type: "module", scripts: { test: "node --test" } },
    null,
    2,
  )}\n`,
  "src/shop.js": 'export const shop = { name: "Corner", currency: "EUR" };\n',
  "test/shop.test.js": `import assert from "node:assert/strict";
import { test } from "node:test";
import { shop } from "../src/shop.js";

test("the shop has a currency", () => {
  assert.equal(shop.currency, "EUR");
});
`,
  "amplify.config.json": `${JSON.stringify(
    {
      agent: { cli: "rehearsal" },
      validate: [{ name: "test", run: "node --test" }],
      gate: [{ name: "test", run: "node --test" }],
      environment: { set: { CLAUDE_CONFIG_DIR: agentFolder } },
    },
    null,
    2,
  )}\n`,
});

/** Makes the repository; its identity is its own, so that none has to be configured. */
export async function createSampleProject(root: string, agentFolder: string): Promise<void> {
  for (const [name, text] of Object.entries(files(agentFolder))) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), text);
  }
  const git = (...args: string[]) => promisify(execFile)("git", args, { cwd: root });
  await git("init", "--quiet", "--initial-branch=main");
  await git("config", "user.name", "Amplify demo");
  await git("config", "user.email", "demo@example.invalid");
  await git("config", "commit.gpgSign", "false");
  await git("add", "--all");
  await git("commit", "--quiet", "--no-verify", "--message", "Begin the till");
}
