import { constants } from "node:fs";
import { open, readdir, realpath } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, sep } from "node:path";

/** The role prompts of a repository, in Markdown: its own types beside and before the ones that we bring along. */
export interface AgentRoles {
  /** By agent type; sorted. */
  readonly types: Readonly<Record<string, string>>;
  /** What holds for everybody who works on an item. */
  readonly rules: string;
  /** How the implementer stands before the council, whatever type it worked as. */
  readonly presenter: string;
}

/** Where a repository keeps types of its own: `<type>.md` each. */
export const ownRolesFolder = join(".amplify", "agents");

const typeFile = /^([a-z][a-z0-9-]{0,60})\.md$/;
const limitBytes = 90_000;

/** `shipped` is our folder with `agents/`, `council/` and `rules.md`. */
export async function readAgentRoles({
  shipped,
  root,
}: {
  shipped: string;
  root: string;
}): Promise<AgentRoles> {
  const roles = {
    ...(await readFolder(join(shipped, "agents"))),
    ...(await readFolder(join(root, ownRolesFolder))),
  };
  const entries = Object.entries(roles).sort(([a], [b]) => a.localeCompare(b));
  return {
    types: Object.fromEntries(entries.map(([type, text]) => [type, text.trim()])),
    rules: (await readRole(join(shipped, "rules.md"))).trim(),
    presenter: (await readRole(join(shipped, "council", "implementer.md"))).trim(),
  };
}

async function readFolder(folder: string): Promise<Record<string, string>> {
  const names = await readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  });
  const roles: Record<string, string> = {};
  for (const name of names) {
    const type = typeFile.exec(name)?.[1];
    if (type !== undefined) roles[type] = await readRole(join(folder, name));
  }
  return roles;
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
  return (await readRole(file)).trim();
}

/** A plain file only: a link in a repository may point anywhere. */
async function readRole(file: string): Promise<string> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { size } = await handle.stat();
    if (size > limitBytes) throw new Error(`${file} is longer than ${limitBytes} bytes.`);
    return await handle.readFile("utf8");
  } finally {
    await handle.close();
  }
}
