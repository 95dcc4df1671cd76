import { readdir, readFile, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { orchestratorSchema, stateSchema } from "#lib/contract/files.ts";
import type { RunStatus } from "#lib/domain/run-state.ts";
import { CliError, dataFolder } from "../connection.ts";

export interface OwnSession {
  readonly id: string;
  /** Its directory, absolute. */
  readonly directory: string;
}

/**
 * The session that a shell is in: told by `AMPLIFY_SESSION_DIR`, as agents are, or found by the worktree that the
 * folder is in. Needs no server. Throws a `CliError` where there is none, or where it takes no questions.
 */
export async function ownSession(folder: string): Promise<OwnSession> {
  const told = process.env["AMPLIFY_SESSION_DIR"];
  const directory = told !== undefined && told !== "" ? path.resolve(told) : await directoryAt(folder);
  const state = await readFile(path.join(directory, "state.json"), "utf8").then(
    (text) => stateSchema.parse(JSON.parse(text)),
    () => null,
  );
  if (!state) {
    throw new CliError(`${directory} is no session's directory.`, "`amplify session status <id>` names it.");
  }
  if (asksNobody(state.status)) {
    throw new CliError(
      `${state.session} is ${state.status}; it asks nobody now.`,
      `Resume it first: amplify session resume ${state.session}`,
    );
  }
  return { id: state.session, directory };
}

/** At rest a session takes in no questions. */
export function asksNobody(status: RunStatus): boolean {
  return ["approved", "rejected", "failed", "stopped", "interrupted"].includes(status);
}

async function directoryAt(folder: string): Promise<string> {
  const worktree = await worktreeAt(folder);
  const found = worktree === null ? [] : await sessionsIn(worktree);
  const newest = found.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))[0];
  if (newest) return newest.directory;
  throw new CliError(
    `${folder} is not in a session's worktree.`,
    "Ask from inside `.worktrees/<item>`, or set AMPLIFY_SESSION_DIR to the session's directory.",
  );
}

/** The linked worktree that the folder is in: there `.git` is a file. */
async function worktreeAt(folder: string): Promise<string | null> {
  for (let at = await realpath(folder); ; at = path.dirname(at)) {
    const facts = await stat(path.join(at, ".git")).catch(() => null);
    if (facts) return facts.isFile() ? at : null;
    if (path.dirname(at) === at) return null;
  }
}

/** What the servers of this data folder wrote about their sessions. */
async function sessionsIn(worktree: string): Promise<{ directory: string; createdAt: string }[]> {
  const root = path.join(dataFolder(), "workspaces");
  const found: { directory: string; createdAt: string }[] = [];
  for (const project of await readdir(root).catch(() => [])) {
    for (const instance of await readdir(path.join(root, project)).catch(() => [])) {
      const file = path.join(root, project, instance, "orchestrator.json");
      const text = await readFile(file, "utf8").catch(() => null);
      const read = text === null ? null : orchestratorSchema.safeParse(parsed(text));
      for (const session of read?.data?.sessions ?? []) {
        if (session.worktree === worktree) found.push(session);
      }
    }
  }
  return found;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
