import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const skills = fileURLToPath(new URL("../skills/", import.meta.url));

it("[Y1] the skill names every command of the specification's table, and none that starts a review", async () => {
  const skill = await readFile(join(skills, "session-orchestrator/SKILL.md"), "utf8");
  for (const command of ["execute", "dispatch", "status", "questions", "answer", "merge"]) {
    expect(skill).toContain(`amplify session ${command}`);
  }
  expect(skill).toMatch(/^---\nname: session-orchestrator\ndescription: .+\n---\n/);
  expect(skill).toContain("Reviews run by themselves");
});
