import type { ApprovedChange, LandingOrder, Undo } from "../merging/ports.ts";
import type { ReadSettings, RepositoryRow, SessionRow, SessionStore } from "./ports.ts";

/** What the session's verdict holds for, also after its landing or a conflict at it; null where it has none. */
export function approvalOf({ state, view }: SessionRow): ApprovedChange | null {
  if (state.status === "approved" || state.status === "outdated" || state.status === "merging") {
    return { base: state.base, head: state.head };
  }
  const stood =
    state.status === "merged" || (state.status === "failed" && state.failure.reason === "merge-conflict");
  return stood && view.base && view.head ? { base: view.base, head: view.head } : null;
}

export function landingRepository({ id, root, commonDir, base }: RepositoryRow): LandingOrder["repository"] {
  return { id, root, commonDir, base };
}

/** Everything that the merge lane needs, save the id; null for a session without a verdict. */
export async function landingOrder(order: {
  row: SessionRow;
  repository: RepositoryRow;
  by: string;
  train?: string | null;
  /** For taking back what landed. */
  undo?: Undo;
  deps: { store: SessionStore; readSettings: ReadSettings };
}): Promise<Omit<LandingOrder, "id"> | null> {
  const { row, repository, by, train = null, undo = null, deps } = order;
  const approval = approvalOf(row);
  if (!approval) return null;
  const { overruled } = row.view;
  const settings = await deps.readSettings(repository.root);
  const questions = await deps.store.questionsOf(row.id);
  const answerers = questions.flatMap((each) => (each.status === "answered" ? [each.answer.by] : []));
  return {
    repository: landingRepository(repository),
    session: row.id,
    directory: row.view.directory,
    train,
    undo,
    rules: settings.landing.rules,
    after: settings.landing.after,
    item: { id: row.item, title: row.view.item.title },
    summary: row.view.summary,
    comment: row.view.summary ?? "",
    branch: row.view.branch,
    worktree: row.view.worktree,
    approval,
    gate: settings.gate,
    carry: settings.carry,
    setup: settings.setup,
    passEnv: settings.passEnv,
    env: settings.env,
    gateTimeLimitMs: settings.landing.gateTimeLimitMs,
    sandbox: settings.sandbox,
    by,
    trailers: undo
      ? { "Amplify-Session": row.id, "Reverted-By": by }
      : {
          "Amplify-Session": row.id,
          "Amplify-Verdict": row.view.verdict ?? "",
          "Overruled-by": overruled ? `${overruled.by}: ${overruled.reason}` : "",
          "Answered-By": [...new Set(answerers)].join(", "),
          "Merged-By": by,
          Cost: row.view.costUsd > 0 ? `$${row.view.costUsd.toFixed(2)}` : "",
        },
  };
}
