import { isItemId, isSessionId } from "#lib/domain/ids.ts";
import type { RepositoryId } from "#lib/domain/ids.ts";
import { ProblemError } from "../application.ts";
import type { RepositoryRow, SessionRow, SessionStore } from "./ports.ts";

const see = "`amplify session status` lists the sessions.";

/** `<id>` as a person types it: a session's id, a unique beginning of it, or an item's id (its newest session). */
export async function findSession(store: SessionStore, ref: string): Promise<SessionRow> {
  if (isSessionId(ref)) {
    const row = await store.session(ref);
    if (row) return row;
  }
  if (isItemId(ref)) {
    const [row, second] = await store.newestOf(null, ref);
    if (row && second) {
      const ids = [row.id, second.id].join(", ");
      throw new ProblemError(
        "ambiguous",
        `More than one repository has an item ${ref}: ${ids}.`,
        "Give the session's id.",
      );
    }
    if (row) return row;
  }
  const [id, another] = /^session-[A-Za-z0-9-]+$/.test(ref) ? await store.sessionsLike(ref, 2) : [];
  if (id && another) {
    throw new ProblemError(
      "ambiguous",
      `${ref} begins the ids of ${id} and ${another}, at least.`,
      "Give more of the id.",
    );
  }
  const row = id ? await store.session(id) : null;
  if (!row) throw new ProblemError("not-found", `There is no session ${JSON.stringify(ref)}.`, see);
  return row;
}

/** The repository that is meant; without an id the only one. */
export async function findRepository(store: SessionStore, id: RepositoryId | null): Promise<RepositoryRow> {
  const all = await store.repositories();
  const add = "`amplify repo add <path>` registers one.";
  if (id !== null) {
    const found = all.find((each) => each.id === id);
    if (!found) throw new ProblemError("not-found", `No repository ${id} is registered.`, add);
    return found;
  }
  const [only, second] = all;
  if (!only) throw new ProblemError("not-found", "No repository is registered.", add);
  if (second) {
    const names = all.map(({ name, id: each }) => `${name} (${each})`).join(", ");
    throw new ProblemError("ambiguous", `Several repositories are registered: ${names}.`, "Say which one.");
  }
  return only;
}
