import type { ItemId, RepositoryId } from "#lib/domain/ids.ts";
import { ProblemError } from "../application.ts";
import type { Clock, WorkSource } from "../ports.ts";
import { type Backlog, type BacklogDifference, createBacklog } from "../scheduling/backlog.ts";
import type { Background } from "./background.ts";
import { watchBase } from "./base-watch.ts";
import type { CheckBase } from "./check-base.ts";
import type { Ledger } from "./ledger.ts";
import type { Places } from "./places.ts";
import { watchSettings } from "./watch-settings.ts";
import type { ReadSettings, RepositoryRow, SessionRow, SessionStore } from "./ports.ts";
import { isThere, repositoryFact, repositoryView, sourceOf } from "./repositories.ts";

interface OpenRepositoriesDeps {
  readonly store: SessionStore;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly background: Background;
  readonly places: Pick<Places, "sessionOf">;
  readonly readSettings: ReadSettings;
  /** The backlog of a repository, or null where its kind is not supported. */
  workSource(repository: RepositoryRow): WorkSource | null;
  readonly checkBase: CheckBase;
  /** A limit may have been raised, landing by itself switched on, or a broken configuration mended. */
  settingsChanged(): void;
  tellBacklog(repository: RepositoryRow, difference: BacklogDifference): Promise<void>;
}

export interface OpenRepositories {
  /** Throws not-found. */
  repository(id: RepositoryId): Promise<RepositoryRow>;
  /** Throws unavailable where the repository's backlog cannot be opened. */
  backlog(id: RepositoryId): Promise<Backlog>;
  /** The backlog where it is open already. */
  openBacklog(id: RepositoryId): Backlog | null;
  /** Reads its backlog and watches its base from now on. */
  openRepository(row: RepositoryRow): Promise<void>;
  /** Neither reads nor watches it any longer. */
  closeRepository(id: RepositoryId): void;
  /** What is wrong with a repository, for people. */
  problemOf(row: RepositoryRow): Promise<string | null>;
  /** How many items wait, directly or not, for this one. */
  downstreamOf(row: Pick<SessionRow, "repository"> & { readonly item: ItemId }): number;
  /** The repositories whose backlog is open. */
  ids(): RepositoryId[];
  stop(): void;
}

/** The repositories that are registered, with their backlogs and bases as they move. */
export function createOpenRepositories(deps: OpenRepositoriesDeps): OpenRepositories {
  const { store, ledger, clock, background, checkBase } = deps;
  const backlogs = new Map<RepositoryId, Backlog>();
  const unwatch = new Map<RepositoryId, () => void>();

  async function repository(id: RepositoryId): Promise<RepositoryRow> {
    const row = (await store.repositories()).find((each) => each.id === id);
    if (!row) throw new ProblemError("not-found", `No repository ${id} is registered.`);
    return row;
  }

  /** What is wrong with what lies in its folder; the backlog has problems of its own. */
  async function folderProblem(row: RepositoryRow): Promise<string | null> {
    if (!(await isThere(row)))
      return `${row.root} is not there any more. If that is for good: amplify repo remove ${row.root}`;
    // One repository that cannot be looked at must not hide the others.
    const found = await deps
      .readSettings(row.root)
      .catch((error: unknown) => ({ problem: String(error), base: null }));
    if (found.problem !== null) return found.problem;
    const again = `\`amplify repo add ${row.root}\` takes that over.`;
    if (found.base !== null && found.base !== row.base)
      return `Work lands on ${row.base}, and amplify.config.json says ${found.base}: ${again}`;
    if (row.source === "backlog" && (await sourceOf(row.root)) === "beads")
      return `It has a Beads workspace now, and Amplify reads its own backlog: ${again}`;
    return null;
  }

  async function problemOf(row: RepositoryRow): Promise<string | null> {
    const problem = await folderProblem(row);
    if (problem !== null) return problem;
    const known = backlogs.get(row.id);
    return known ? known.problem() : "Its backlog cannot be opened.";
  }

  async function tellProblem(row: RepositoryRow) {
    const view = repositoryView(row, await problemOf(row));
    const text = view.problem === null ? `${row.name} is well again.` : `${row.name}: ${view.problem}`;
    const facts = [repositoryFact("repository:changed", view, "server", text)];
    await ledger.write(() => Promise.resolve({ change: { facts }, result: undefined }));
  }

  function closeRepository(id: RepositoryId) {
    backlogs.get(id)?.stop();
    backlogs.delete(id);
    unwatch.get(id)?.();
    unwatch.delete(id);
  }

  return {
    repository,
    problemOf,
    closeRepository,
    openBacklog: (id) => backlogs.get(id) ?? null,
    ids: () => [...backlogs.keys()],
    downstreamOf: ({ repository: id, item }) => backlogs.get(id)?.current()?.downstream.get(item) ?? 0,

    async backlog(id) {
      const known = backlogs.get(id);
      if (known) return known;
      const { name, source } = await repository(id);
      const fix = source === "beads" ? "Run `bd doctor` there." : "Run `bd init` there to begin a backlog.";
      throw new ProblemError("unavailable", `${name} has no backlog that can be opened.`, fix);
    },

    async openRepository(row) {
      closeRepository(row.id);
      const source = deps.workSource(row);
      if (source) {
        const opened = createBacklog({
          repository: row.id,
          source,
          clock,
          sessionOf: (item) => deps.places.sessionOf(row.id, item),
          onDifference: (difference) => background.run(deps.tellBacklog(row, difference)),
          onProblem: () => background.run(tellProblem(row)),
        });
        backlogs.set(row.id, opened);
        // Whoever asks first waits for this read; its failure shows as the repository's problem.
        opened.refresh().catch(() => undefined);
      }
      const endBase = await watchBase(row, clock, () => background.run(checkBase(row)));
      let told = await folderProblem(row);
      const endSettings = watchSettings(row, clock, () => {
        background.run(
          folderProblem(row).then(async (problem) => {
            if (problem !== told) await tellProblem(row);
            told = problem;
          }),
        );
        background.run(checkBase(row));
        deps.settingsChanged();
      });
      unwatch.set(row.id, () => {
        endBase();
        endSettings();
      });
      background.run(checkBase(row));
    },

    stop() {
      for (const end of unwatch.values()) end();
      for (const each of backlogs.values()) each.stop();
    },
  };
}
