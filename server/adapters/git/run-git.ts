import { once } from "node:events";
import PQueue from "p-queue";
import { simpleGit, type SimpleGitOptions } from "simple-git";
import { GitError } from "#server/ports.ts";
import { fixedEnvironment, fixedSettings, settingsEnvironment, type Setting } from "./settings.ts";

export interface GitCall {
  /** An existing folder; git runs there. */
  readonly folder: string;
  /** Built by us alone: options are literals, the rest are object ids, checked names, or follow `--`. */
  readonly args: readonly string[];
  /** Standard input; not empty. */
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  readonly settings?: readonly Setting[];
  /** Exit codes besides 0 that are answers and no failures. */
  readonly answers?: readonly number[];
  /** Ends the command when it has written this much; without it that is an error at 256 MiB. */
  readonly cutAtBytes?: number;
}

export interface GitOutcome {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
  /** The command was ended at `cutAtBytes`. */
  readonly cut: boolean;
}

export type RunGit = (call: GitCall) => Promise<GitOutcome>;

type Unsafe = NonNullable<SimpleGitOptions["unsafe"]>;

/** What simple-git refuses by default and our own fixed settings need; the refusals stay for everything else. */
const unsafe: Unsafe = {
  allowUnsafeConfigEnvCount: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeEditor: true,
  allowUnsafeFilter: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeHooksPath: true,
  allowUnsafeMergeDriver: true,
  allowUnsafePager: true,
  allowUnsafeProtocolOverride: true,
};

const maxBytes = 256 * 1024 * 1024;
/** The check-out of a very large repository says nothing for minutes; a dead disk does so for ever. */
const silenceTimeoutMs = 10 * 60_000;

/** Sixteen processes at once keep a burst of sessions from starving the machine. */
const queue = new PQueue({ concurrency: 16 });

/** The one place that starts git. `personal` are the settings kept from the person's own configuration. */
export function createRunGit(personal: () => Promise<readonly Setting[]>): RunGit {
  return async (call) => {
    const settings = [...fixedSettings, ...(await personal()), ...(call.settings ?? [])];
    return queue.add(() =>
      spawnGit(call, {
        ...personEnvironment(),
        ...fixedEnvironment,
        ...settingsEnvironment(settings),
        ...call.env,
      }),
    );
  };
}

/** Runs git as the person would, with all of their configuration: for `git config --get` alone. */
export async function readPersonalConfig(folder: string, args: readonly string[]): Promise<string> {
  const { stdout } = await spawnGit(
    { folder, args: ["config", "--null", ...args], answers: [1] },
    {
      ...personEnvironment(),
      GIT_CONFIG_NOSYSTEM: process.env.GIT_CONFIG_NOSYSTEM ?? "0",
      ...personConfigFiles(),
    },
  );
  return stdout.toString("utf8");
}

function personEnvironment(): Record<string, string> {
  return pickEnvironment(["PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "XDG_CONFIG_HOME"]);
}

function personConfigFiles(): Record<string, string> {
  return pickEnvironment(["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"]);
}

function pickEnvironment(names: readonly string[]): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const name of names) {
    const value = process.env[name];
    if (value !== undefined) picked[name] = value;
  }
  return picked;
}

async function spawnGit(call: GitCall, environment: Record<string, string>): Promise<GitOutcome> {
  const ended = { exitCode: null as number | null, stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const ceiling = call.cutAtBytes ?? maxBytes;
  const tooMuch = new AbortController();
  const command = `git ${call.args[0] ?? ""}`;
  const failed = (output: string) =>
    new GitError(`${command}: ${output}`, { command, exitCode: ended.exitCode, output });

  try {
    await simpleGit({
      baseDir: call.folder,
      unsafe,
      allowEnvironment: Object.keys(environment),
      // Output is complete when the streams are closed, however long that takes after the exit.
      completion: { onClose: true, onExit: false },
      timeout: { block: silenceTimeoutMs },
      abort: tooMuch.signal,
      ...(call.input === undefined ? {} : { input: () => call.input }),
      errors(_error, result) {
        ended.exitCode = result.exitCode;
        ended.stdout = result.stdOut;
        ended.stderr = result.stdErr;
        return undefined;
      },
    })
      .env(environment)
      .outputHandler((_command, stdout, stderr) => {
        let bytes = 0;
        stdout.on("data", (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > ceiling) tooMuch.abort();
        });
        // simple-git waits 50 ms more for a command that said nothing: an empty chunk counts as said.
        void once(stderr, "close").then(() => stderr.emit("data", Buffer.alloc(0)));
      })
      .raw([...call.args]);
  } catch (error) {
    if (!tooMuch.signal.aborted) throw failed(error instanceof Error ? error.message : String(error));
  }

  const stderr = Buffer.concat(ended.stderr).toString("utf8").trim();
  const cut = tooMuch.signal.aborted;
  if (cut && call.cutAtBytes === undefined) throw failed(`wrote more than ${maxBytes} bytes`);
  if (!cut && ended.exitCode !== 0 && !call.answers?.includes(ended.exitCode ?? -1)) {
    throw failed(stderr || `ended with ${String(ended.exitCode)}`);
  }
  return { exitCode: ended.exitCode ?? 0, stdout: Buffer.concat(ended.stdout), stderr, cut };
}
