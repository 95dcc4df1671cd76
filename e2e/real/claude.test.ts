import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, test } from "vitest";
import { agentContract } from "#server/agent.contract.ts";
import { buildTools, makeWorld, realClaude } from "./claude-world.ts";

let toolsDir: string;
beforeAll(async () => {
  toolsDir = await buildTools(mkdtempSync(join(tmpdir(), "amplify-tools-")));
});
afterAll(() => rmSync(toolsDir, { recursive: true, force: true }));

for (const name of ["claude-latest", "claude-floor"] as const) {
  const command = realClaude(name);
  if (command === null) {
    console.warn(`SKIPPED: ${name} is not installed; e2e/real/install.sh ${name} installs it.`);
    describe.skip(name, () => test("is not installed"));
    continue;
  }
  agentContract(name, () => makeWorld(command, toolsDir));
}
