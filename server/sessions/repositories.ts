import { createHash, randomUUID } from "node:crypto";
import { access } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Fact, RepositoryView } from "#lib/contract/wire.ts";
import { parseRepositoryId, type RepositoryId } from "#lib/domain/ids.ts";
import { ProblemError } from "../application.ts";
import { type Git, NotARepositoryError, type RepositoryFacts } from "../ports.ts";
import type { ReadSettings, RepositoryRow } from "./ports.ts";

/** First 16 hex digits of the SHA-256 of the real path of the git common directory. */
export function repositoryIdOf(commonDir: string): RepositoryId {
  return parseRepositoryId(createHash("sha256").update(commonDir).digest("hex").slice(0, 16));
}

/** What `folder` is as a repository of ours; throws a `ProblemError` that says what is missing. */
export async function surveyRepository(
  folder: string,
  deps: { git: Git; readSettings: ReadSettings; now: string },
): Promise<RepositoryRow> {
  const facts = await inspect(deps.git, folder);
  const { root, commonDir } = facts;
  if (facts.bare) {
    throw new ProblemError(
      "invalid",
      `${root} is a bare repository.`,
      "Add a clone that has a working tree.",
    );
  }
  if (facts.head === null) {
    throw new ProblemError(
      "invalid",
      `${root} has no commit yet.`,
      "Make the first commit, then add it again.",
    );
  }
  const settings = await deps.readSettings(root);
  const base = settings.base ?? facts.defaultBranch ?? facts.branch;
  if (base === null) {
    throw new ProblemError(
      "invalid",
      `${root} is on no branch, and it has no main or master.`,
      'Switch to the branch that work lands on, or name it as "base" in amplify.config.json.',
    );
  }
  if (!(await deps.git.resolve(root, `refs/heads/${base}`))) {
    throw new ProblemError(
      "invalid",
      `${root} has no branch ${base}.`,
      'Put the right "base" into amplify.config.json.',
    );
  }
  return {
    id: repositoryIdOf(commonDir),
    name: basename(root),
    root,
    commonDir,
    base,
    source: await sourceOf(root),
    instance: randomUUID(),
    addedAt: deps.now,
    guard: null,
    removedAt: null,
  };
}

/** Its git folder is where it was. */
export function isThere({ commonDir }: RepositoryRow): Promise<boolean> {
  return access(commonDir).then(
    () => true,
    () => false,
  );
}

/** Beads where the repository has a Beads workspace, else the built-in backlog. */
export async function sourceOf(root: string): Promise<RepositoryRow["source"]> {
  return access(join(root, ".beads")).then(
    () => "beads",
    () => "backlog",
  );
}

async function inspect(git: Git, folder: string): Promise<RepositoryFacts> {
  try {
    return await git.inspect(folder);
  } catch (error) {
    if (!(error instanceof NotARepositoryError)) throw error;
    throw new ProblemError(
      "invalid",
      `${folder} is not in a git repository.`,
      "Run `git init` there, or give another path.",
    );
  }
}

export function repositoryView(row: RepositoryRow, problem: string | null): RepositoryView {
  const { id, name, root, base, source, guard } = row;
  return { id, name, root, base, source, problem, alarms: [...(guard?.alarms ?? [])] };
}

export function repositoryFact(
  name: "repository:added" | "repository:changed" | "repository:removed" | "repository:alarmed",
  view: RepositoryView,
  actor: string,
  text: string,
): Omit<Fact, "seq" | "at"> {
  const changes =
    name === "repository:removed" ? { removedRepositories: [view.id] } : { repositories: [view] };
  return { name, repository: view.id, session: null, actor, text, changes };
}
