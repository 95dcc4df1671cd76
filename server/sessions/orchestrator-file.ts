import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";
import { filesVersion, type orchestratorSchema } from "#lib/contract/files.ts";
import type { RepositoryId } from "#lib/domain/ids.ts";
import type { SessionRow, SessionStore } from "./ports.ts";
import { coalesce } from "./coalesce.ts";
import { jsonText, writeWhole } from "../files/write-whole.ts";
import { instanceDirectory } from "./session-files.ts";

/** Ended sessions beyond these are left out; they are still in the database. */
const mostEnded = 1000;

/** `orchestrator.json`: all sessions with their states, for people and scripts. */
export interface OrchestratorFile {
  /** Writes it anew; changes during a write are in the next one. */
  refresh(repository: RepositoryId): void;
  /** Resolves when nothing is left to write. */
  settled(): Promise<void>;
}

export function createOrchestratorFile(deps: {
  home: string;
  store: SessionStore;
  now(): Date;
}): OrchestratorFile {
  const { home, store } = deps;
  const dirty = new Set<RepositoryId>();

  async function writeAll() {
    for (const id of dirty) {
      dirty.delete(id);
      // Nobody waits for it, so whatever fails, the database too, ends here; the next change writes it.
      await writeFor(id).catch((error: unknown) => console.error("orchestrator.json:", error));
    }
  }

  async function writeFor(id: RepositoryId) {
    const repository = (await store.repositories()).find((each) => each.id === id);
    if (!repository) return;
    const open = await store.open(repository.id);
    const ended = await store.sessions({ repository: repository.id, open: false, limit: mostEnded });
    const content: z.input<typeof orchestratorSchema> = {
      version: filesVersion,
      repository: { id: repository.id, root: repository.root },
      updatedAt: deps.now().toISOString(),
      sessions: [...open, ...ended].map(entry),
    };
    const folder = instanceDirectory(home, repository);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeWhole(join(folder, "orchestrator.json"), jsonText(content));
  }

  const write = coalesce(writeAll);
  let last: Promise<void> = Promise.resolve();

  return {
    refresh(repository) {
      dirty.add(repository);
      last = write();
    },
    settled: () => last,
  };
}

function entry({ id, item, state, view }: SessionRow) {
  const { branch, worktree, directory, createdAt, endedAt } = view;
  return { session: id, item, status: state.status, branch, worktree, directory, createdAt, endedAt };
}
