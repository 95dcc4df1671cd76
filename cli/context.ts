import path from "node:path";
import type { HttpClient } from "#lib/client/http.ts";
import type { RepositoryView } from "#lib/contract/wire.ts";
import { CliError, connect, type Server } from "./connection.ts";
import { createOutput, type Output } from "./output.ts";
import { adoptRepository, findRepository } from "./repository.ts";

/** The options that every command has. */
export interface GlobalOptions {
  readonly json?: boolean;
  /** `-C <path>`: as if started there. */
  readonly C?: string;
}

/** What a command works with: output, the server, the repository that it is about. */
export interface Context {
  readonly output: Output;
  readonly folder: string;
  readonly server: () => Promise<Server>;
  readonly client: () => Promise<HttpClient>;
  /** The registered repository, or null where none is. */
  readonly repository: () => Promise<RepositoryView | null>;
  /** The registered repository; a refusal where none is. */
  readonly requireRepository: () => Promise<RepositoryView>;
  /** Registers the folder's repository where need be, and says so. */
  readonly adopt: () => Promise<RepositoryView>;
}

export function createContext(options: GlobalOptions): Context {
  const output = createOutput(options.json ?? false);
  const folder = path.resolve(options.C ?? process.cwd());
  let started: Promise<Server> | null = null;
  const server = () => (started ??= connect((text) => output.note(text)));
  const client = async () => (await server()).client;
  return {
    output,
    folder,
    server,
    client,
    repository: async () => findRepository(await client(), folder),
    requireRepository: async () => {
      const repository = await findRepository(await client(), folder);
      if (repository) return repository;
      throw new CliError("No repository is registered.", "Register one with `amplify repo add <path>`.");
    },
    adopt: async () => adoptRepository(await client(), folder, (text) => output.note(text)),
  };
}
