import { execFile } from "node:child_process";
import { createServer } from "node:net";
import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { runnerVersion } from "#lib/contract/runner.ts";
import type { CommandInput, CommandName, SessionView } from "#lib/contract/wire.ts";
import { ownIdentity } from "#server/adapters/process/own-identity.ts";
import type { RunningApplication } from "#server/sessions/create-application.ts";
import { createScriptedRunner, type ScriptedRunner } from "../../fakes/scripted-runner.ts";
import { runGit } from "../../fixtures/repository.ts";
import { actor, type Operation, openOperation } from "../agent/operation.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../../", import.meta.url));
/** What makes something durable, or visible to others. */
const calls = ["write", "pwrite64", "fsync", "fdatasync", "rename", "unlink", "mkdir", "link", "ftruncate"];

/** A data folder and a repository just before an operation, to be put back as often as it is killed. */
export interface OperationStage extends AsyncDisposable {
  readonly repository: string;
  readonly session: SessionView | null;
  readonly operation: Operation;
  /** Everything as it was before the operation. */
  putBack(): Promise<void>;
  /** How often each system call is made, at most by one thread. */
  survey(): Promise<ReadonlyMap<string, number>>;
  /** Runs it and kills it at the `when`th call; false where it came to its end. */
  killAt(call: string, when: number): Promise<boolean>;
}

type Prepare = (tools: {
  command: <Name extends CommandName>(name: Name, input: CommandInput<Name>) => Promise<unknown>;
  dispatch: () => Promise<{ session: SessionView; runner: ScriptedRunner }>;
  item: string;
}) => Promise<{ session: SessionView | null; command: Operation["command"] | null; isRunners?: boolean }>;

export async function stageOperation(prepare: Prepare): Promise<OperationStage> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "amplify-operation-")));
  const place = join(folder, "now");
  const repository = join(place, "repository");
  const home = join(place, "home");
  const staged = join(folder, "root");
  await mkdir(repository, { recursive: true });
  await mkdir(join(home, "run"), { recursive: true, mode: 0o700 });
  await mkdir(staged);
  for (const name of ["prisma", "skills", "package.json", "dist"])
    await symlink(join(root, name), join(staged, name));
  const program = join(root, "node_modules/.cache/amplify-faults", `operation-${process.pid}.js`);
  await build({
    absWorkingDir: root,
    entryPoints: ["e2e/faults/agent/operation.ts"],
    outfile: program,
    bundle: true,
    platform: "node",
    tsconfigRaw: {},
    format: "esm",
    target: "node20",
    packages: "external",
    logLevel: "warning",
  });
  const line = await standInForRunner(home);

  await runGit(repository, "init", "--quiet", "--initial-branch=main");
  await runGit(repository, "config", "user.name", "Ada Example");
  await runGit(repository, "config", "user.email", "ada@example.test");
  await runGit(repository, "config", "gc.auto", "0");
  await writeFile(join(repository, "README.md"), "# Sample\n");
  await writeFile(
    join(repository, "amplify.config.json"),
    '{ "agent": { "cli": "rehearsal" }, "validate": [] }\n',
  );
  await runGit(repository, "add", "--all");
  await runGit(repository, "commit", "--quiet", "--message", "Begin");

  const inside = await openOperation({ home, root: staged });
  const application = inside.application as RunningApplication;
  let keys = 0;
  const command: Parameters<Prepare>[0]["command"] = (name, input) =>
    application.command(name, input, { actor, key: `prepares-${String((keys += 1)).padStart(3, "0")}` });
  await command("repository:add", { path: repository });
  const { item } = (await command("item:create", { title: "Work" })) as { item: { id: string } };
  const prepared = await prepare({
    command,
    item: item.id,
    async dispatch() {
      const { session } = (await command("session:dispatch", { item: item.id })) as {
        session: SessionView;
      };
      await application.settled();
      return { session, runner: createScriptedRunner(session.directory, () => new Date()) };
    },
  });
  await application.settled();
  await inside.close();
  const template = join(folder, "before");
  await cp(place, template, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !path.endsWith(".sock"),
  });

  const isRunners = prepared.isRunners === true;
  const operation: Operation = {
    home,
    root: staged,
    command: prepared.command,
    directory: isRunners ? (prepared.session?.directory ?? null) : null,
  };
  const trace = (options: string[]) =>
    run(
      "strace",
      ["-f", "-qq", ...options, process.execPath, program, JSON.stringify(operation)],
      // One thread for files: else the place that a number means is another in every run.
      {
        env: {
          PATH: process.env["PATH"] ?? "",
          HOME: home,
          UV_THREADPOOL_SIZE: "1",
          GIT_CONFIG_GLOBAL: "/dev/null",
        },
      },
    );
  const putBack = async () => {
    await rm(place, { recursive: true, force: true, maxRetries: 5 });
    await cp(template, place, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  };
  return {
    repository,
    session: prepared.session,
    operation,
    putBack,
    async survey() {
      await putBack();
      const file = join(folder, "trace");
      await trace(["-o", file, "-e", `trace=${calls.join(",")}`]);
      const most = new Map<string, number>();
      const byThread = new Map<string, number>();
      for (const [, thread = "", call = ""] of (await readFile(file, "utf8")).matchAll(/^(\d+) +(\w+)\(/gm)) {
        const count = (byThread.get(`${thread} ${call}`) ?? 0) + 1;
        byThread.set(`${thread} ${call}`, count);
        most.set(call, Math.max(most.get(call) ?? 0, count));
      }
      return most;
    },
    async killAt(call, when) {
      const inject = `inject=${call}:signal=KILL:when=${when}`;
      const { stdout } = await trace(["-o", "/dev/null", "-e", `trace=${call}`, "-e", inject]).catch(
        (error: unknown) => error as { stdout: string },
      );
      return stdout !== "done\n";
    },
    async [Symbol.asyncDispose]() {
      await line();
      await rm(program, { force: true });
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** A runner that says hello and does nothing: what it is rung for stays as the server left it. */
async function standInForRunner(home: string) {
  const server = createServer((client) => {
    client.on("error", () => undefined);
    client.resume();
    client.write(`${JSON.stringify({ kind: "hello", version: runnerVersion, pid: process.pid })}\n`);
  });
  const socket = join(home, "..", "..", "r.sock");
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  const startedAt = new Date().toISOString();
  const presence = { version: runnerVersion, ...ownIdentity(), startedAt, socket, url: null };
  await writeFile(join(home, "run/runner.json"), JSON.stringify(presence));
  return () => new Promise<void>((resolve) => void server.close(() => resolve()));
}
