import { access } from "node:fs/promises";
import type { InboxEntry } from "#lib/contract/files.ts";
import { actorFor } from "#lib/domain/ids.ts";
import {
  type ClaimOutcome,
  type Clock,
  type Git,
  type PostWebhook,
  type WorkSource,
  WorkSourceError,
} from "../ports.ts";
import { createDeliver } from "../questions/deliver-webhook.ts";
import type { Merging } from "../merging/ports.ts";
import type { Backlog } from "../scheduling/backlog.ts";
import { LaterError, type Perform } from "./effects.ts";
import { removeWork } from "./keep-work.ts";
import { landingOrder } from "./landing-order.ts";
import type { Change, ReadSettings, RepositoryRow, SessionRow, SessionStore } from "./ports.ts";
import type { RunnerLink } from "./runner-link.ts";
import { writeInbox, writeSpec } from "./session-files.ts";
import { moved, withMessage } from "./session-row.ts";

/** Somebody who merges by hand removes the worktree next; only after this long do we tidy up ourselves. */
const patienceMs = 10 * 60_000;

export interface PerformDeps {
  readonly store: SessionStore;
  readonly git: Git;
  readonly clock: Clock;
  readonly runner: RunnerLink;
  readonly merging: Merging;
  readonly readSettings: ReadSettings;
  repositoryOf(row: SessionRow): Promise<RepositoryRow>;
  backlogOf(row: SessionRow): Promise<Backlog>;
  readonly post: PostWebhook;
  /** The session's directory is there and holds something new. */
  onWritten(row: SessionRow): void;
}

/** How each kind of intent is made so. */
export function createPerform(deps: PerformDeps): Perform {
  const { store, git, clock, runner } = deps;
  const deliver = createDeliver(deps);

  return async (effect) => {
    if (effect.intent.kind === "webhook") return deliver(effect, effect.intent);
    const row = effect.session && (await store.session(effect.session));
    if (!row) return null;
    const { directory } = row.view;
    const { intent } = effect;
    switch (intent.kind) {
      case "spec":
        if (!row.spec) return null;
        await writeSpec(directory, row.spec);
        deps.onWritten(row);
        runner.ring(directory);
        return null;
      case "inbox":
        // A runner that has to read it anew may find it damaged.
        if (row.spec) await writeSpec(directory, row.spec);
        await writeInbox(directory, intent.entry as InboxEntry);
        deps.onWritten(row);
        runner.ring(directory);
        return null;
      case "claim": {
        const backlog = await deps.backlogOf(row);
        const outcome = await backlog.source.claim(row.item, actorFor(row.id));
        refreshed(backlog);
        return outcome.claimed ? null : (at) => loseClaim(row, outcome, at);
      }
      case "release": {
        const backlog = await deps.backlogOf(row);
        await release(backlog.source, row);
        refreshed(backlog);
        return null;
      }
      case "archive":
        await removeWork(git, await deps.repositoryOf(row), row);
        return null;
      case "undo-close": {
        const backlog = await deps.backlogOf(row);
        const actor = actorFor(row.id);
        const item = await backlog.source.show(row.item);
        if (item?.status === "closed") {
          await backlog.source.reopen(row.item, { actor, reason: "Its session has not landed yet" });
        }
        await backlog.source.claim(row.item, actor);
        refreshed(backlog);
        return null;
      }
      case "adopt": {
        const age = clock.now().getTime() - Date.parse(effect.createdAt);
        const isThere = await access(row.view.worktree).then(
          () => true,
          () => false,
        );
        if (isThere && age < patienceMs) throw new LaterError(5000, "The worktree is still there.");
        const repository = await deps.repositoryOf(row);
        const order = await landingOrder({ row, repository, by: intent.by, deps });
        if (order) await deps.merging.adopt({ ...order, id: `by-hand-${row.id.slice(-40)}`.toLowerCase() });
        return null;
      }
    }
  };

  /** Nothing of a session without a claim can land: it fails, and its runner is told to stop. */
  async function loseClaim(
    { id }: SessionRow,
    outcome: Extract<ClaimOutcome, { claimed: false }>,
    at: string,
  ): Promise<Change> {
    const current = await store.session(id);
    const detail = outcome.detail || outcome.why;
    const failed =
      current && moved(current, { kind: "run-failed", failure: { reason: "claim-lost", detail } }, at);
    if (!failed) return {};
    const { row, effect } = withMessage(
      failed,
      { kind: "stop", discard: false, reason: "Its item is not its own any more." },
      { by: "server", at },
    );
    // A session that was not started yet has nobody to tell.
    const kept = failed.spec ? row : failed;
    return {
      sessions: [kept],
      effects: failed.spec ? [effect] : [],
      facts: [
        {
          name: "session:failed",
          repository: kept.repository,
          session: id,
          actor: "server",
          text: `${kept.item} is not its session's any more: ${detail}`,
          changes: { sessions: [kept.view] },
        },
      ],
      audit: [{ actor: "server", action: "claim", target: kept.item, outcome: outcome.why, detail }],
    };
  }
}

/** Open and nobody's again; what is closed, gone or somebody else's by now stays as it is. */
async function release(source: WorkSource, { id, item }: SessionRow) {
  const found = await source.show(item);
  if (!found || found.status === "closed") return;
  try {
    await source.release(item, actorFor(id));
  } catch (error) {
    if (error instanceof WorkSourceError && error.kind === "already-claimed") return;
    throw error;
  }
}

/** The tracker changed by our own hand; the doorbell may not ring for that. */
function refreshed(backlog: Backlog) {
  void backlog.refresh().catch(() => undefined);
}
