import { readdir, realpath } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { readPlainFile, whyUnread } from "./files/read-plain-file.ts";

/** The role prompts of a repository, in Markdown: its own types beside and before the ones that we bring along. */
export interface AgentRoles {
  /** By agent type; sorted. */
  readonly types: Readonly<Record<string, string>>;
  /** What holds for everybody who works on an item. */
  readonly rules: string;
  /** How the implementer stands before the council, whatever type it worked as. */
  readonly presenter: string;
  /** The repository's own files that cannot be used, for people; ours count in their place, where there is one. */
  readonly problems: readonly string[];
}

/** Where a repository keeps types of its own: `<type>.md` each. */
export const ownRolesFolder = join(".amplify", "agents");

const typeFile = /^([a-z][a-z0-9-]{0,60})\.md$/;
const limitBytes = 90_000;

/** `shipped` is our folder with `agents/`, `council/` and `rules.md`; only what is wrong in there throws. */
export async function readAgentRoles({
  shipped,
  root,
}: {
  shipped: string;
  root: string;
}): Promise<AgentRoles> {
  const ours = await readFolder(join(shipped, "agents"));
  const own = await readFolder(join(root, ownRolesFolder));
  const [broken] = ours.problems;
  if (broken !== undefined) throw new Error(broken);
  const entries = Object.entries({ ...ours.roles, ...own.roles }).sort(([a], [b]) => a.localeCompare(b));
  return {
    types: Object.fromEntries(entries),
    rules: await readRole(join(shipped, "rules.md")),
    presenter: await readRole(join(shipped, "council", "implementer.md")),
    problems: own.problems.map((problem) => `${ownRolesFolder}${sep}${problem}`),
  };
}

async function readFolder(folder: string): Promise<{ roles: Record<string, string>; problems: string[] }> {
  const roles: Record<string, string> = {};
  const problems: string[] = [];
  const names = await readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT")
      problems.push(` cannot be read: ${whyUnread(error)}.`);
    return [];
  });
  for (const name of names.sort()) {
    const type = typeFile.exec(name)?.[1];
    if (type === undefined) continue;
    try {
      roles[type] = await readRole(join(folder, name));
    } catch (error) {
      problems.push(`${name} is not used: ${whyUnread(error)}.`);
    }
  }
  return { roles, problems };
}

/**
 * A role prompt at a path that the configuration names; throws where that leaves the repository, also through
 * a link, or is no file that can be read.
 */
export async function readOwnPrompt(root: string, path: string): Promise<string> {
  const file = join(root, path);
  const way = relative(await realpath(root), await realpath(dirname(file)));
  if (isAbsolute(way) || way === ".." || way.startsWith(`..${sep}`))
    throw new Error("it leaves the repository");
  return readRole(file);
}

/** A link in a repository may point anywhere, so it is none. */
const readRole = async (file: string) =>
  (await readPlainFile(file, { limitBytes, followLink: false })).trim();
