import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { realpath } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import type { HttpClient } from "#lib/client/http.ts";
import type { RepositoryView } from "#lib/contract/wire.ts";
import { CliError } from "./connection.ts";

/** The id that Amplify gives to the repository that a folder is in, or null outside of one. */
async function repositoryIdAt(folder: string): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)("git", ["rev-parse", "--git-common-dir"], {
      cwd: folder,
      env: { ...process.env, GIT_OPTIONAL_LOCKS: "0" },
    });
    const commonDir = await realpath(path.resolve(folder, stdout.replace(/\n$/, "")));
    return createHash("sha256").update(commonDir).digest("hex").slice(0, 16);
  } catch {
    return null;
  }
}

/**
 * The registered repository that a command is about: the one that the folder is in, else the only one.
 * Null where none is registered.
 */
export async function findRepository(client: HttpClient, folder: string): Promise<RepositoryView | null> {
  const registered = await client.read("repositories", {});
  const id = await repositoryIdAt(folder);
  const here = registered.find((repository) => repository.id === id);
  if (here) return here;
  if (registered.length > 1) {
    throw new CliError(
      "Several repositories are registered, and this folder is in none of them.",
      `Go into one, or name it with -C: ${registered.map(({ root }) => root).join(", ")}.`,
    );
  }
  return registered[0] ?? null;
}

/** As {@link findRepository}, and registers the folder's own repository where it is not known yet, saying so. */
export async function adoptRepository(
  client: HttpClient,
  folder: string,
  note: (text: string) => void,
): Promise<RepositoryView> {
  const id = await repositoryIdAt(folder);
  if (id === null) {
    const only = await findRepository(client, folder);
    if (only) return only;
    throw new CliError(
      `${folder} is not in a git repository, and none is registered.`,
      "Go into a repository, or register one with `amplify repo add <path>`.",
    );
  }
  const registered = await client.read("repositories", {});
  const known = registered.find((repository) => repository.id === id);
  if (known) return known;
  const { repository } = await client.command("repository:add", { path: folder });
  note(`Registered ${repository.root} with Amplify.`);
  return repository;
}

/** A registered repository by its folder, which may be gone, or by its name. */
export async function registeredAs(client: HttpClient, from: string, named: string): Promise<RepositoryView> {
  const registered = await client.read("repositories", {});
  const folder = path.resolve(from, named);
  const id = await repositoryIdAt(folder);
  const [found, second] =
    [
      registered.filter((each) => each.id === id || each.root === folder),
      registered.filter(({ name }) => name === named),
    ].find((each) => each.length > 0) ?? [];
  if (found && !second) return found;
  throw new CliError(
    found ? `Several registered repositories are called ${named}.` : `No repository ${named} is registered.`,
    found ? "Name its folder." : "`amplify repo list` shows them.",
  );
}
