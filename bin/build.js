import { spawnSync } from "node:child_process";
import { chmodSync, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import path from "node:path";

/** Makes `dist/` and the database client. Needs the development packages; a packed release brings both along. */

const root = fileURLToPath(new URL("..", import.meta.url));
const require = createRequire(import.meta.url);

const programs = [
  { name: "server", entry: "server/main.ts" },
  // In one piece these two are up sooner, and the runner takes up less.
  { name: "runner", entry: "server/runner/main.ts", selfContained: true, external: ["better-sqlite3"] },
  { name: "cli", entry: "cli/main.ts", selfContained: true },
  // These run inside a session, where our packages may not be in reach.
  { name: "hook", entry: "server/adapters/agents/claude/hook.ts", selfContained: true },
  { name: "ask-mcp", entry: "server/adapters/agents/claude/ask-mcp.ts", selfContained: true },
  // Stands where the agent's own program stands, so it is started by its name.
  {
    name: "rehearsal",
    entry: "server/adapters/agents/rehearsal/main.ts",
    selfContained: true,
    executable: true,
  },
];

/** Prisma's command line wants to download an engine that the generated client does not use. */
function generateClient() {
  const prisma = require.resolve("prisma/build/index.js");
  const { status, stdout, stderr } = spawnSync(process.execPath, [prisma, "generate"], {
    cwd: root,
    env: {
      ...process.env,
      PRISMA_SCHEMA_ENGINE_BINARY: "/bin/true",
      PRISMA_HIDE_UPDATE_MESSAGE: "1",
      CHECKPOINT_DISABLE: "1",
    },
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`prisma generate ended with ${String(status)}:\n${stdout}${stderr}`);
}

/** @param {(typeof programs)[number]} program */
async function bundle({ name, entry, selfContained = false, executable = false, external = [] }) {
  const { build } = await import("esbuild");
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: `dist/${name}.js`,
    bundle: true,
    platform: "node",
    // The paths in tsconfig.json are for the compiler; here every name means what Node takes it for.
    tsconfigRaw: {},
    format: "esm",
    target: "node20",
    packages: selfContained ? "bundle" : "external",
    external,
    sourcemap: "linked",
    sourcesContent: false,
    logLevel: "warning",
    // Packages in CommonJS that are bundled may still ask for a module of Node's.
    ...(selfContained
      ? {
          banner: {
            js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
          },
        }
      : {}),
  });
  if (executable) chmodSync(path.join(root, `dist/${name}.js`), 0o755);
}

const present = programs.filter(({ entry }) => existsSync(path.join(root, entry)));
for (const { entry } of programs.filter((program) => !present.includes(program)))
  console.log(`build: skipped ${entry}, which does not exist`);
if (existsSync(path.join(root, "prisma/schema.prisma"))) generateClient();
await Promise.all(present.map(bundle));
console.log(`build: ${present.map(({ name }) => `dist/${name}.js`).join(" ")}`);
