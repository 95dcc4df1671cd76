import type { RepositoryId, SessionId } from "#lib/domain/ids.ts";
import type { RepositoryRow, SessionRow, SessionStore } from "#server/sessions/ports.ts";

interface Memory {
  readonly open: Map<SessionId, SessionRow>;
  readonly repositories: Map<RepositoryId, RepositoryRow>;
}

/**
 * Answers from memory what every decision asks first: the open sessions, the repositories and the webhooks. This
 * process alone writes them, and only by `commit`; what failed to commit is read anew.
 */
export function rememberOpen(store: SessionStore): SessionStore {
  let memory: Memory | null = null;
  let webhooks: ReturnType<SessionStore["webhooks"]> | null = null;
  let writes = 0;

  async function remembered(): Promise<Memory> {
    while (memory === null) {
      const before = writes;
      const repositories = await store.repositories(true);
      const open = (await Promise.all(repositories.map(({ id }) => store.open(id)))).flat();
      // What was written meanwhile may be missing in what was read.
      if (before !== writes) continue;
      memory = {
        open: new Map(open.map((row) => [row.id, row])),
        repositories: new Map(repositories.map((row) => [row.id, row])),
      };
    }
    return memory;
  }

  function forget() {
    writes += 1;
    memory = null;
    webhooks = null;
  }

  return {
    ...store,
    async commit(change, at) {
      writes += 1;
      const facts = await store.commit(change, at).catch((error: unknown) => {
        forget();
        throw error;
      });
      writes += 1;
      for (const row of change.sessions ?? []) {
        if (row.open) memory?.open.set(row.id, row);
        else memory?.open.delete(row.id);
      }
      if (change.repository) memory?.repositories.set(change.repository.id, change.repository);
      if (change.webhooks) webhooks = null;
      return facts;
    },
    async open(repository) {
      const { open, repositories } = await remembered();
      const isAsked = (id: RepositoryId) =>
        repository === null ? repositories.get(id)?.removedAt === null : id === repository;
      return [...open.values()].filter((row) => isAsked(row.repository)).sort(byAge);
    },
    session: async (id) => (await remembered()).open.get(id) ?? store.session(id),
    async repositories(all = false) {
      const { repositories } = await remembered();
      return [...repositories.values()].filter(({ removedAt }) => all || removedAt === null);
    },
    async webhooks() {
      webhooks ??= store.webhooks();
      return webhooks.catch((error: unknown) => {
        webhooks = null;
        throw error;
      });
    },
  };
}

function byAge(a: SessionRow, b: SessionRow): number {
  if (a.view.createdAt !== b.view.createdAt) return a.view.createdAt < b.view.createdAt ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}
