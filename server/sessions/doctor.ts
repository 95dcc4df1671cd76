import { stat, statfs } from "node:fs/promises";
import type { ReadOutput, StorageView } from "#lib/contract/wire.ts";
import type { AgentHealth } from "../ports.ts";
import { findRepository } from "./find-session.ts";
import type { RepositoryRow } from "./ports.ts";
import type { Reader } from "./reads.ts";
import type { createStorage } from "./storage.ts";
import type { Room } from "./room.ts";

type Finding = ReadOutput<"doctor">[number];

/** Below this, known holes let a hostile repository act. */
const leastGit = [2, 38] as const;
const safeGit = [2, 43] as const;

export interface Examination {
  /** What `git --version` prints, or null where git is missing. */
  gitVersion(): Promise<string | null>;
  readonly agentHealth: (root: string | null) => Promise<AgentHealth>;
  /** What `bwrap --version` prints, or null where bubblewrap is missing. */
  sandboxVersion(): Promise<string | null>;
}

/** Looks at what Amplify stands on, and says what to do about what is not well. */
export function createDoctor(
  room: Room & { readonly storage: Pick<ReturnType<typeof createStorage>, "last"> },
  examination: Examination,
): Reader<"doctor"> {
  return async ({ repository: wanted }) => {
    const all = await room.store.repositories();
    const asked = wanted === null ? all : [await findRepository(room.store, wanted)];
    const findings: Finding[] = [
      gitFinding(await examination.gitVersion()),
      ...(await agentFindings(examination, asked)),
      await folderFinding(room.home),
      await diskFinding(room.home, room.storage.last()),
      room.runner.isConnected()
        ? fine("runner", "It runs.")
        : fine("runner", "None runs; it is started with the first session."),
    ];
    for (const row of asked) {
      const problem = await room.problemOf(row);
      findings.push(problem === null ? fine(row.name, row.root) : bad(row.name, "error", problem, null));
      findings.push(await backlogFinding(room, row.id, row.name));
      const { sandbox } = await room.readSettings(row.root);
      findings.push(boundaryFinding(row.name, sandbox ? await examination.sandboxVersion() : "off"));
    }
    return findings;
  };
}

async function backlogFinding(
  room: Room,
  id: Parameters<Room["backlog"]>[0],
  name: string,
): Promise<Finding> {
  const title = `backlog of ${name}`;
  try {
    const { source } = await room.backlog(id);
    const { ok, kind, version, path, problem } = await source.health();
    const text = [kind, version, path].filter((part) => part !== null).join(" ");
    return ok ? fine(title, text) : bad(title, "error", problem ?? text, null);
  } catch (error) {
    return bad(title, "error", error instanceof Error ? error.message : String(error), null);
  }
}

/** Said plainly, since it is easily forgotten. */
function boundaryFinding(name: string, sandbox: string | null): Finding {
  const title = `agents of ${name}`;
  if (sandbox === "off") {
    const text =
      "run with your rights: they can read and change whatever you can, Amplify's own data included.";
    return { ...fine(title, text), fix: 'To confine them: "sandbox": true in amplify.config.json.' };
  }
  if (sandbox !== null)
    return fine(
      title,
      `write only their worktree and do not see the data folder (${sandbox}), as do validations and gates; setup commands run with your rights, and the network is theirs.`,
    );
  const fix = "Install bubblewrap, or take `sandbox` out of amplify.config.json.";
  return bad(title, "error", "are to be confined, but `bwrap` was not found: none will start.", fix);
}

export function gitFinding(printed: string | null): Finding {
  const [, major, minor] = /(\d+)\.(\d+)/.exec(printed ?? "") ?? [];
  if (printed === null || major === undefined || minor === undefined) {
    return bad("git", "error", "git was not found.", "Install git 2.43 or newer.");
  }
  const isBelow = ([a, b]: readonly [number, number]) =>
    Number(major) < a || (Number(major) === a && Number(minor) < b);
  if (isBelow(leastGit)) return bad("git", "error", `${printed} is too old.`, "Install git 2.43 or newer.");
  if (isBelow(safeGit)) {
    return bad(
      "git",
      "warning",
      `${printed} works, but has known holes with hostile submodules.`,
      "Install git 2.43.7 or newer.",
    );
  }
  return fine("git", printed);
}

/** Each agent that a repository works with, once; the one that would be taken where there is no repository. */
async function agentFindings(
  { agentHealth }: Examination,
  repositories: readonly RepositoryRow[],
): Promise<Finding[]> {
  const roots = repositories.length > 0 ? repositories.map(({ root }) => root) : [null];
  const findings = await Promise.all(roots.map(async (root) => agentFinding(await agentHealth(root))));
  return [...new Map(findings.map((each) => [JSON.stringify(each), each])).values()];
}

function agentFinding({ name, ok, path, version, problem }: AgentHealth): Finding {
  const text = [version, path].filter((part) => part !== null).join(" at ");
  if (!ok) return bad(`agent ${name}`, "error", problem ?? text, null);
  return problem === null
    ? fine(`agent ${name}`, text)
    : bad(`agent ${name}`, "warning", `${text}: ${problem}`, null);
}

/** A session with its worktree and logs needs this much more easily than not. */
const leastFreeBytes = 1 << 30;

/** What is in use shows where somebody has measured it; the doctor itself walks over nothing. */
async function diskFinding(home: string, measured: StorageView | null): Promise<Finding> {
  const facts = await statfs(home).catch(() => null);
  if (!facts) return bad("disk", "error", "The disk of the data folder cannot be read.", null);
  const free = facts.bavail * facts.bsize;
  const sum = (pick: (each: StorageView["repositories"][number]) => number) =>
    measured?.repositories.reduce((total, each) => total + pick(each), 0) ?? 0;
  const used =
    measured === null
      ? ""
      : `; in use: sessions ${sizeText(sum(({ sessions }) => sessions.bytes))}, worktrees ${sizeText(
          sum(({ worktrees }) => worktrees.bytes),
        )}, archives ${sizeText(sum(({ archives }) => archives.bytes))}`;
  const text = `${sizeText(free)} free${used}`;
  return free < leastFreeBytes
    ? bad("disk", "warning", text, "`amplify storage prune --dry-run` says what may go.")
    : fine("disk", text);
}

function sizeText(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const size = bytes / 1000 ** step;
  return `${size.toFixed(size < 10 && step > 0 ? 1 : 0)} ${units[step] ?? "B"}`;
}

async function folderFinding(home: string): Promise<Finding> {
  const facts = await stat(home).catch(() => null);
  if (!facts?.isDirectory()) return bad("data folder", "error", `${home} is not there.`, null);
  const isPrivate = (facts.mode & 0o077) === 0;
  return isPrivate
    ? fine("data folder", home)
    : bad("data folder", "warning", `Others on this machine can look into ${home}.`, `chmod 700 ${home}`);
}

function fine(name: string, text: string): Finding {
  return { name, ok: true, level: "ok", text, fix: null };
}

function bad(name: string, level: "warning" | "error", text: string, fix: string | null): Finding {
  return { name, ok: level === "warning", level, text, fix };
}
