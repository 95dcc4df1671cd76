import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, type ParseError, printParseErrorCode } from "jsonc-parser";
import { z } from "zod";

/**
 * The repository's own configuration: `amplify.json` in the root of the main checkout, JSON with
 * comments. Its commands are run as they stand, so it is read from the main checkout only, never
 * from the worktree of an agent.
 */
export const repositoryConfigName = "amplify.json";

const commandLine = z.string().min(1).max(10_000);
const commands = z.union([
  z.array(commandLine).max(50),
  /** By name: `{ "test": "npm test" }`. */
  z.record(z.string().min(1).max(100), commandLine),
]);
const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/);

const repositorySchema = z.strictObject({
  $schema: z.string().optional(),
  /** The branch that work starts from and lands on; else the repository's default branch. */
  base: z.string().min(1).max(500).optional(),
  agent: z
    .strictObject({
      cli: z.enum(["claude", "rehearsal"]).optional(),
      /** A path or a name on PATH. */
      command: z.string().min(1).max(4096).optional(),
      model: z.string().min(1).max(200).nullable().optional(),
    })
    .optional(),
  /** Which type of agent works on what; the first rule that fits decides. */
  agentTypes: z
    .array(
      z.strictObject({
        type: z.string().min(1).max(100),
        label: z.string().max(500).optional(),
        title: z.string().max(500).optional(),
      }),
    )
    .max(200)
    .optional(),
  /** Run once in a new worktree, before the agent. */
  setup: commands.optional(),
  /** Ignored files that a worktree needs. */
  carry: z
    .array(
      z.union([
        z.string().min(1).max(1000),
        z.strictObject({ path: z.string().min(1).max(1000), how: z.enum(["copy", "link"]) }),
      ]),
    )
    .max(200)
    .optional(),
  /** Run on the finished work; else the scripts `test`, `lint` and `build` of `package.json`. */
  validate: commands.optional(),
  /** Run on the merged tree before it lands; else what validates. */
  gate: commands.optional(),
  limits: z
    .strictObject({
      /** Automatic rounds of rework after a rejection. */
      reworkRounds: z.number().int().min(0).max(20).optional(),
      /** How often a red validation goes back to the agent. */
      repairs: z.number().int().min(0).max(20).optional(),
      maxTurns: z.number().int().min(1).nullable().optional(),
      /** US dollars at list prices, for a whole session. */
      budgetUsd: z.number().positive().nullable().optional(),
      commandTimeoutMinutes: z.number().positive().max(1440).optional(),
      logMegabytes: z.number().positive().max(1_000_000).optional(),
    })
    .optional(),
  /** Names of further variables of the server's environment that agents may have. */
  passEnv: z.array(variable).max(200).optional(),
  env: z.record(variable, z.string().max(10_000)).optional(),
});

type Commands = z.infer<typeof commands>;
interface NamedCommand {
  readonly name: string;
  readonly command: string;
}

/** The configuration with everything that it leaves out filled in; `problem` says what is wrong with the file. */
export async function readRepositoryConfig(root: string) {
  const { config, problem } = await readConfigFile(join(root, repositoryConfigName));
  const validate = config.validate ? named(config.validate) : await scriptsOf(root);
  const { limits = {}, agent = {} } = config;
  const cli = agent.cli ?? "claude";
  return {
    base: config.base ?? null,
    agent: {
      cli,
      command: agent.command ?? (cli === "claude" ? "claude" : process.execPath),
      model: agent.model ?? null,
    },
    agentTypes: config.agentTypes ?? [],
    setup: named(config.setup ?? []),
    carry: (config.carry ?? []).map((each) =>
      typeof each === "string" ? { path: each, how: "copy" as const } : each,
    ),
    validate,
    gate: config.gate ? named(config.gate) : validate,
    limits: {
      reworkRounds: limits.reworkRounds ?? 2,
      repairs: limits.repairs ?? 2,
      maxTurns: limits.maxTurns ?? null,
      budgetUsd: limits.budgetUsd ?? null,
      commandTimeoutMs: (limits.commandTimeoutMinutes ?? 20) * 60_000,
      logBytes: (limits.logMegabytes ?? 1000) * 1_000_000,
    },
    passEnv: config.passEnv ?? [],
    env: config.env ?? {},
    problem,
  };
}
export type RepositoryConfig = Awaited<ReturnType<typeof readRepositoryConfig>>;

async function readConfigFile(path: string) {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  });
  if (text === null) return { config: repositorySchema.parse({}), problem: null };
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first) {
    const line = text.slice(0, first.offset).split("\n").length;
    const problem = `${repositoryConfigName}, line ${line}: ${printParseErrorCode(first.error)}. None of it counts.`;
    return { config: repositorySchema.parse({}), problem };
  }
  const outcome = repositorySchema.safeParse(value);
  if (outcome.success) return { config: outcome.data, problem: null };
  const problem = `${repositoryConfigName}: ${z.prettifyError(outcome.error)} None of it counts.`;
  return { config: repositorySchema.parse({}), problem };
}

function named(given: Commands): NamedCommand[] {
  if (!Array.isArray(given)) return Object.entries(given).map(([name, command]) => ({ name, command }));
  return given.map((command) => ({ name: command.slice(0, 100), command }));
}

const packageSchema = z.object({ scripts: z.record(z.string(), z.string()).optional() });

/** The scripts of `package.json` that every project means the same by; npm's own placeholder is none. */
async function scriptsOf(root: string): Promise<NamedCommand[]> {
  const text = await readFile(join(root, "package.json"), "utf8").catch(() => "{}");
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return [];
  }
  const scripts = packageSchema.safeParse(parsed).data?.scripts ?? {};
  return ["test", "lint", "build"]
    .filter((name) => scripts[name] !== undefined && !scripts[name].includes("no test specified"))
    .map((name) => ({ name, command: `npm run ${name}` }));
}

/* --------------------------------------------------------- data folder */

const serverSchema = z.strictObject({
  $schema: z.string().optional(),
  /** Sessions that work at the same time; further ones are queued. */
  sessions: z.number().int().min(1).max(1000).default(4),
});
export type ServerConfig = z.infer<typeof serverSchema>;

/** `config.json` of the data folder. Throws an `Error` that says what is wrong with it. */
export async function readServerConfig(home: string): Promise<ServerConfig> {
  const path = join(home, "config.json");
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "{}";
    throw error;
  });
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  const outcome = serverSchema.safeParse(errors.length > 0 ? null : value);
  if (!outcome.success) throw new Error(`${path}: ${z.prettifyError(outcome.error)}`);
  return outcome.data;
}
