import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
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
import { readPlainFile, whyUnread } from "./files/read-plain-file.ts";
import { writeWhole } from "./files/write-whole.ts";

/**
 * The repository's own configuration. Its commands are run as they stand, so it is read from the main
 * checkout only, never from the worktree of an agent.
 */
export const repositoryConfigName = "amplify.config.json";

/** A configuration longer than this is none. */
const limitBytes = 1_000_000;

/** What we bring along, and where we keep things. */
export interface ConfigPlaces {
  /** The rehearsal agent. */
  readonly rehearsal: string;
  /** The folder of role prompts. */
  readonly skills: string;
  /** A folder of ours, made where it is missing, for the last good configuration of each repository. */
  readonly kept: string;
}

/**
 * Reads configurations as they are now, so that an edit counts at once, and never throws for what lies in a repository.
 * While one has errors the last good one goes on to count, after a restart too; where there is none, nothing begins and
 * nothing lands, because what a gate or a rule would have kept out is not known.
 */
export function createRepositoryConfigs(ours: ConfigPlaces) {
  const lastGood = createLastGood(ours.kept);

  return async (root: string) => {
    const read = await readConfig(join(root, repositoryConfigName), repositoryConfigName, configSchema);
    if (read.value) await lastGood.keep(root, read.text);
    const known = read.value ?? (await lastGood.of(root));
    const config = known ?? defaultConfig;
    const council = await councilOf(root, config);
    const roles = await readAgentRoles({ shipped: ours.skills, root });
    const kept = known
      ? "The last good one goes on to count."
      : "There is no good one before it, so nothing begins and nothing lands until it is mended.";
    const problems = [
      ...(read.problem === null ? [] : [`${read.problem} ${kept}`]),
      ...council.problems,
      ...roles.problems,
    ];
    return {
      ...(await settingsOf(root, config, ours)),
      roles,
      council,
      problem: problems.length === 0 ? null : problems.join(" "),
      block: known ? null : read.problem,
    };
  };
}

/** The text of each repository's last good configuration; in memory, and in a file for after a restart. */
function createLastGood(folder: string) {
  const texts = new Map<string, string>();
  const fileOf = (root: string) =>
    join(folder, `${createHash("sha256").update(root).digest("hex").slice(0, 16)}.json`);

  return {
    async keep(root: string, text: string) {
      if (texts.get(root) === text) return;
      texts.set(root, text);
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        if ((await readFile(fileOf(root), "utf8").catch(() => null)) !== text)
          await writeWhole(fileOf(root), text);
      } catch {
        // A disk that takes nothing has its own alert; until the next start memory is enough.
      }
    },

    async of(root: string): Promise<Config | null> {
      const text = texts.get(root) ?? (await readFile(fileOf(root), "utf8").catch(() => null));
      return text === null ? null : parseConfig(text, repositoryConfigName, configSchema).value;
    },
  };
}

/** What the rest of the server works with: everything filled in, units made plain. */
async function settingsOf(root: string, config: Config, ours: ConfigPlaces) {
  const { base, agent, setup, carry, validate, gate, landing, limits, environment, sandbox } = config;
  const command = agent.command ?? (agent.cli === "rehearsal" ? ours.rehearsal : agent.cli);
  return {
    base: base ?? null,
    agent: { cli: agent.cli, command, model: agent.model, models: agent.models },
    agentTypes: agent.types,
    setup: setup.map(namedCommand),
    carry,
    validate: validate?.map(namedCommand) ?? (await scriptsOf(root)),
    gate: gate.map(namedCommand),
    landing: {
      auto: landing.auto,
      ask: landing.ask,
      after: { how: landing.after, remote: landing.remote },
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
      problems.push(
        `${repositoryConfigName}: council.roles.${role}.prompt ${JSON.stringify(own.prompt)} is not used: ${whyUnread(error)}.`,
      );
    }
  }
  return { overrule: council.overrule, prompts, models, problems };
}

const packageSchema = z.object({ scripts: z.record(z.string(), z.string()).optional() });

/** The scripts of `package.json` that every project means the same by, npm's own placeholder not; null without any. */
async function scriptsOf(root: string) {
  const text = await readFile(join(root, "package.json"), "utf8").catch(() => "{}");
  const tree = parseTree(text);
  const scripts = packageSchema.safeParse(tree ? getNodeValue(tree) : null).data?.scripts ?? {};
  const found = ["test", "lint", "build"]
    .filter((name) => scripts[name] !== undefined && !scripts[name].includes("no test specified"))
    .map((name) => ({ name, command: `npm run ${name}` }));
  return found.length > 0 ? found : null;
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

type Read<Value> = { value: Value; text: string; problem: null } | { value: null; problem: string };

/** JSON with comments, against a schema; a missing file is an empty one. Problems name their line. */
async function readConfig<Schema extends z.ZodType>(
  file: string,
  name: string,
  schema: Schema,
): Promise<Read<z.output<Schema>>> {
  try {
    return parseConfig(await readPlainFile(file, { limitBytes, followLink: true }), name, schema);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return parseConfig("{}", name, schema);
    return { value: null, problem: `${name} cannot be read: ${whyUnread(error)}.` };
  }
}

function parseConfig<Schema extends z.ZodType>(
  written: string,
  name: string,
  schema: Schema,
): Read<z.output<Schema>> {
  // Some editors begin a file with a byte order mark.
  const text = written.replace(/^\uFEFF/, "");
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first || !tree) {
    const why = first ? printParseErrorCode(first.error) : "it is empty";
    return { value: null, problem: `${name}, line ${lineAt(text, first?.offset ?? 0)}: ${why}.` };
  }
  const outcome = schema.safeParse(getNodeValue(tree));
  if (outcome.success) return { value: outcome.data, text, problem: null };
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
