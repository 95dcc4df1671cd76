import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";
import { z } from "zod";
import type { Role } from "#lib/domain/review.ts";
import { readAgentRoles, readOwnPrompt } from "./agent-roles.ts";
import { type Config, configSchema, defaultConfig, namedCommand } from "#lib/contract/config.ts";

/**
 * The repository's own configuration. Its commands are run as they stand, so it is read from the main
 * checkout only, never from the worktree of an agent.
 */
export const repositoryConfigName = "amplify.config.json";

/**
 * Reads configurations as they are now, so that an edit counts at once; while one has errors the last
 * good one of this repository goes on to count. `ours` is what we bring along: the rehearsal agent and the folder of role prompts.
 */
export function createRepositoryConfigs(ours: { rehearsal: string; skills: string }) {
  const lastGood = new Map<string, Config>();

  return async (root: string) => {
    const read = await readConfig(join(root, repositoryConfigName), repositoryConfigName, configSchema);
    if (read.value) lastGood.set(root, read.value);
    const config = read.value ?? lastGood.get(root) ?? defaultConfig;
    const kept = lastGood.has(root)
      ? "The last good one goes on to count."
      : "The defaults count until it is mended.";
    const council = await councilOf(root, config);
    const problems = [read.problem === null ? [] : `${read.problem} ${kept}`, council.problems].flat();
    return {
      ...(await settingsOf(root, config, ours)),
      council,
      problem: problems.length === 0 ? null : problems.join(" "),
    };
  };
}

/** What the rest of the server works with: everything filled in, units made plain. */
async function settingsOf(root: string, config: Config, ours: { rehearsal: string; skills: string }) {
  const { base, agent, setup, carry, validate, gate, landing, limits, environment, sandbox } = config;
  const command = agent.command ?? (agent.cli === "rehearsal" ? ours.rehearsal : agent.cli);
  return {
    base: base ?? null,
    agent: { cli: agent.cli, command, model: agent.model },
    agentTypes: agent.types,
    roles: await readAgentRoles({ shipped: ours.skills, root }),
    setup: setup.map(namedCommand),
    carry,
    validate: validate?.map(namedCommand) ?? (await scriptsOf(root)),
    gate: gate.map(namedCommand),
    landing: {
      auto: landing.auto,
      ask: landing.ask,
      rules: { red: landing.red, conflict: landing.conflict, retries: landing.retries },
      gateTimeLimitMs: (landing.gateMinutes ?? limits.commandMinutes) * 60_000,
    },
    sessions: limits.sessions,
    limits: {
      reworkRounds: limits.reworkRounds,
      repairs: limits.repairs,
      maxTurns: limits.maxTurns,
      budgetUsd: limits.budgetUsd,
      commandTimeoutMs: limits.commandMinutes * 60_000,
      logBytes: Math.ceil(limits.logMegabytes * 1_000_000),
      silentMs: limits.silentMinutes === null ? null : Math.ceil(limits.silentMinutes * 60_000),
      council: {
        rebuttals: config.council.rebuttals,
        timeLimitMs: Math.round(config.council.minutes * 60_000),
        budgetUsd: config.council.budgetUsd,
      },
    },
    sandbox,
    passEnv: environment.pass,
    env: environment.set,
  };
}

/** Who sits in the council; a prompt that cannot be read is told, and the one that we bring along counts. */
async function councilOf(root: string, { council }: Config) {
  const prompts: Partial<Record<Role, string>> = {};
  const models: Partial<Record<Role, string>> = {};
  const problems: string[] = [];
  for (const [role, own] of Object.entries(council.roles) as [Role, { prompt?: string; model?: string }][]) {
    if (own.model !== undefined) models[role] = own.model;
    if (own.prompt === undefined) continue;
    try {
      prompts[role] = await readOwnPrompt(root, own.prompt);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      problems.push(
        `${repositoryConfigName}: council.roles.${role}.prompt ${JSON.stringify(own.prompt)} is not used: ${why}.`,
      );
    }
  }
  return { overrule: council.overrule, prompts, models, problems };
}

const packageSchema = z.object({ scripts: z.record(z.string(), z.string()).optional() });

/** The scripts of `package.json` that every project means the same by; npm's own placeholder is none. */
async function scriptsOf(root: string) {
  const text = await readFile(join(root, "package.json"), "utf8").catch(() => "{}");
  const tree = parseTree(text);
  const scripts = packageSchema.safeParse(tree ? getNodeValue(tree) : null).data?.scripts ?? {};
  return ["test", "lint", "build"]
    .filter((name) => scripts[name] !== undefined && !scripts[name].includes("no test specified"))
    .map((name) => ({ name, command: `npm run ${name}` }));
}

/** `config.json` of the data folder. */
const serverSchema = z.strictObject({
  $schema: z.string().optional(),
  /** Sessions that work at the same time; further ones are queued. */
  sessions: z.number().int().min(1).max(1000).default(4),
  /** Silence longer than this makes a working session stale. */
  staleMinutes: z.number().positive().max(100_000).default(60),
  /** How long what has ended is kept. */
  retention: z
    .strictObject({
      /** Directories (logs, events) of ended sessions. */
      sessionDays: z.number().int().min(1).max(36_500).default(90),
      /** Archive refs whose work a branch holds too. */
      archiveDays: z.number().int().min(1).max(36_500).default(30),
      /** Archive refs that nothing else holds: what they keep is gone with them. Null keeps them for good. */
      unmergedArchiveDays: z.number().int().min(1).max(36_500).nullable().default(null),
      /** Copies of the database. */
      backups: z.number().int().min(1).max(1000).default(10),
    })
    .prefault({}),
});

/** `message` says what is wrong, and in which line. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
}

/** Throws a {@link ConfigurationError}. */
export async function readServerConfig(home: string): Promise<z.infer<typeof serverSchema>> {
  const file = join(home, "config.json");
  const { value, problem } = await readConfig(file, file, serverSchema);
  if (value === null) throw new ConfigurationError(problem);
  return value;
}

type Read<Value> = { value: Value; problem: null } | { value: null; problem: string };

/** JSON with comments, against a schema; a missing file is an empty one. Problems name their line. */
async function readConfig<Schema extends z.ZodType>(
  file: string,
  name: string,
  schema: Schema,
): Promise<Read<z.output<Schema>>> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "{}";
    throw error;
  });
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first || !tree) {
    const why = first ? printParseErrorCode(first.error) : "it is empty";
    return { value: null, problem: `${name}, line ${lineAt(text, first?.offset ?? 0)}: ${why}.` };
  }
  const outcome = schema.safeParse(getNodeValue(tree));
  if (outcome.success) return { value: outcome.data, problem: null };
  const problems = outcome.error.issues.map((issue) => {
    const where = issue.path.length > 0 ? `${issue.path.join(".")}: ` : "";
    return `${name}, line ${lineOf(text, tree, issue)}: ${where}${issue.message}.`;
  });
  return { value: null, problem: problems.join(" ") };
}

/** The line of the value that an issue is about, or of the nearest thing around it. */
function lineOf(text: string, tree: Node, issue: z.core.$ZodIssue): number {
  const path = issue.code === "unrecognized_keys" ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
  const segments = path.filter((segment) => typeof segment !== "symbol");
  for (let length = segments.length; length > 0; length--) {
    const node = findNodeAtLocation(tree, segments.slice(0, length));
    if (node) return lineAt(text, node.parent?.type === "property" ? node.parent.offset : node.offset);
  }
  return 1;
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
