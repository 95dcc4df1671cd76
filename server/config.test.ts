import { fileURLToPath } from "node:url";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { configSchema } from "#lib/contract/config.ts";
import { createRepositoryConfigs, readServerConfig } from "./config.ts";

const skills = fileURLToPath(new URL("../skills", import.meta.url));

/** A reader as a server has it that has just started. */
const reader = () => createRepositoryConfigs({ rehearsal: "/rehearsal", skills, kept: join(root, "kept") });

let root: string;
let read: ReturnType<typeof createRepositoryConfigs>;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "amplify-config-"));
  read = reader();
});
afterEach(() => rm(root, { recursive: true, force: true }));

const write = (text: string, name = "amplify.config.json") => writeFile(join(root, name), text);

describe("a repository's configuration", () => {
  it("[K1] may be missing: then everything has its default", async () => {
    expect(await read(root)).toMatchObject({
      base: null,
      agent: { cli: "claude", command: "claude", model: null, models: {} },
      setup: [],
      validate: null,
      gate: [],
      limits: { reworkRounds: 2, repairs: 2, commandTimeoutMs: 1_800_000 },
      problem: null,
    });
  });

  it("[K2] without validate takes the scripts that the repository has, and none of npm's placeholders", async () => {
    await write(
      '{ "scripts": { "test": "echo \\"Error: no test specified\\" && exit 1", "lint": "eslint" } }',
      "package.json",
    );
    expect((await read(root)).validate).toEqual([{ name: "lint", command: "npm run lint" }]);
    await write('{ "validate": [] }');
    expect((await read(root)).validate).toEqual([]);
  });

  it("[K3] counts at once when it is edited", async () => {
    await write('{ "gate": ["make check"] } // as agreed');
    expect((await read(root)).gate).toEqual([{ name: "make check", command: "make check" }]);
    await write('{ "gate": [{ "name": "all", "run": "make all" }] }');
    expect((await read(root)).gate).toEqual([{ name: "all", command: "make all" }]);
  });

  it.each([
    ["broken JSON", '{\n  "base": "main",\n  "gate": [\n}', "line 4"],
    ["an unknown field", '{\n  "base": "main",\n  "valdiate": []\n}', "line 3"],
    [
      "a wrong value deep inside",
      '{\n  "limits": {\n    "repairs": 2,\n    "sessions": 0\n  }\n}',
      "line 4: limits.sessions",
    ],
  ])("[K4] with %s names the line, and the last good one goes on to count", async (_what, text, line) => {
    await write('{ "base": "trunk" }');
    await read(root);
    await write(text);
    const { base, problem } = await read(root);
    expect(problem).toContain(line);
    expect(problem).toContain("last good");
    expect(base).toBe("trunk");
  });

  it.each([
    ["broken", () => write('{\n  "gate": [\n')],
    [
      "a folder",
      async () => {
        await rm(join(root, "amplify.config.json"), { force: true });
        await mkdir(join(root, "amplify.config.json"));
      },
    ],
    ["larger than any configuration", () => write(`{ "setup": ["${"x".repeat(1_000_001)}"] }`)],
    [
      "a link to nowhere else than itself",
      async () => {
        await rm(join(root, "amplify.config.json"), { force: true });
        await symlink("amplify.config.json", join(root, "amplify.config.json"));
      },
    ],
  ])(
    "[K8] one that is %s throws nothing, and the last good one counts after a restart too",
    async (_what, spoil) => {
      await write(
        '{ "gate": ["make check"], "sandbox": true, "landing": { "ask": [{ "label": "risky" }] } }',
      );
      await read(root);
      await spoil();
      for (const look of [read, reader()]) {
        expect(await look(root)).toMatchObject({
          gate: [{ command: "make check" }],
          sandbox: true,
          landing: { ask: [{ label: "risky" }] },
          block: null,
          problem: expect.stringContaining("amplify.config.json") as string,
        });
      }
    },
  );

  it("[K9] one that is broken from the beginning blocks what goes by it until it is mended", async () => {
    await write('{\n  "gate": [\n');
    const { block, problem } = await read(root);
    expect(block).toMatch(/^amplify\.config\.json, line 3: /);
    expect(problem).toContain("nothing begins and nothing lands");
    await write("{}");
    expect(await read(root)).toMatchObject({ block: null, problem: null });
  });

  it("[K10] may begin with a byte order mark, as some editors write it", async () => {
    await write('\uFEFF{ "gate": ["make check"] }');
    expect(await read(root)).toMatchObject({ gate: [{ command: "make check" }], problem: null });
  });

  it("[K5] is described by the published JSON schema", async () => {
    const published = new URL("../public/amplify.config.schema.json", import.meta.url);
    const made = z.toJSONSchema(configSchema, { io: "input" });
    expect(JSON.parse(await readFile(published, "utf8"))).toEqual(made);
  });

  it("[K7] may bring agent types of its own, beside and before ours", async () => {
    await mkdir(join(root, ".amplify", "agents"), { recursive: true });
    await write("# Ours\n\nYou know this house.\n", ".amplify/agents/backend-engineer.md");
    await write("You keep the docs.", ".amplify/agents/writer.md");
    await write("Not a type.", ".amplify/agents/README.txt");
    const { roles } = await read(root);
    expect(Object.keys(roles.types)).toEqual(expect.arrayContaining(["default", "tech-lead", "writer"]));
    expect(roles.types["backend-engineer"]).toContain("You know this house.");
    expect(roles.types["README"]).toBeUndefined();
  });

  it("[K12] brings prompts of substance for eight agent types: how to work, and what done means", async () => {
    const { types } = (await read(root)).roles;
    expect(Object.keys(types)).toEqual([
      ...["backend-engineer", "database-engineer", "default", "devops-engineer"],
      ...["frontend-engineer", "peer-reviewer", "tech-lead", "test-engineer"],
    ]);
    for (const text of Object.values(types)) {
      expect(text).toMatch(/^# [A-Z][^]+\n## How you work\n[^]+\n## What done means\n/);
      expect(text.split(/\s+/).length).toBeGreaterThan(150);
    }
  });

  it("[K11] a role prompt that cannot be used is told, and costs neither the other ones nor ours", async () => {
    const agents = join(root, ".amplify", "agents");
    await mkdir(join(agents, "backend-engineer.md"), { recursive: true });
    await write("You keep the docs.", ".amplify/agents/writer.md");
    await write("x".repeat(90_001), ".amplify/agents/novel.md");
    await symlink("/etc/hostname", join(agents, "planted.md"));
    const { roles, problem, block } = await read(root);
    expect(roles.types["writer"]).toBe("You keep the docs.");
    expect(roles.types["backend-engineer"]).toContain("backend");
    expect(Object.keys(roles.types)).not.toEqual(expect.arrayContaining(["planted"]));
    expect(Object.keys(roles.types)).not.toEqual(expect.arrayContaining(["novel"]));
    for (const words of [
      "backend-engineer.md is not used: it is a folder",
      "novel.md is not used: it is longer",
      "planted.md is not used: it is a link",
    ])
      expect(problem).toContain(join(".amplify", "agents", words));
    expect(block).toBeNull();
    await rm(join(root, ".amplify"), { recursive: true });
    await write("no folder", ".amplify");
    expect((await read(root)).roles.types["default"]).toBeDefined();
  });

  it("[K6] of the data folder refuses the start with its file and line", async () => {
    await write('{\n "sessions": "many" }', "config.json");
    await expect(readServerConfig(root)).rejects.toThrow("line 2: sessions");
  });
});
