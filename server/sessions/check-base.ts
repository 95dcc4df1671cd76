import type { ObjectId } from "#lib/domain/ids.ts";
import type { LandingGit } from "../ports.ts";
import type { Merging, PreviewOrder } from "../merging/ports.ts";
import { coalesce } from "./coalesce.ts";
import type { Ledger } from "./ledger.ts";
import { hasLandedSince, isIn } from "./landed-since.ts";
import { approvalOf, landingRepository } from "./landing-order.ts";
import type { RepositoryRow, SessionRow, SessionStore } from "./ports.ts";
import { moved, trackerLane, withMessage } from "./session-row.ts";

type Approval = PreviewOrder["approval"];

/** Looks at every verdict of a repository against its base as it stands now. */
export type CheckBase = (repository: RepositoryRow) => Promise<void>;

/**
 * Work that somebody merged with plain git counts as merged; a verdict that the base has overtaken, or whose
 * branch somebody moved, goes out of date, and its check anew starts by itself.
 */
export function createCheckBase(deps: {
  store: SessionStore;
  ledger: Ledger;
  git: LandingGit;
  merging: Merging;
}): CheckBase {
  const { store, ledger, git, merging } = deps;
  /** What was sent to be checked anew, so that one move of the base is told once. */
  const told = new Set<string>();
  const checks = new Map<string, () => Promise<void>>();

  async function check(repository: RepositoryRow) {
    const tip = await git.resolve(repository.root, `refs/heads/${repository.base}`);
    if (!tip) return;
    for (const row of await store.open(repository.id)) {
      const approval = row.state.status === "merging" ? null : approvalOf(row);
      if (!approval || approval.head === approval.base) continue;
      if (await isIn(git, repository, approval.head, tip)) {
        const brought = await git.mergedBy(repository.root, approval.head, tip);
        await takeAsMerged(row, brought ?? tip);
        continue;
      }
      if (row.state.status !== "approved") continue;
      const { branch } = row.view;
      const head = await git.resolve(repository.root, `refs/heads/${branch}`);
      // What is gone cannot be checked anew: the landing says so.
      if (head === null || (tip === approval.base && head === approval.head)) continue;
      const key = `${row.id} ${approval.head} ${head} ${tip}`;
      if (told.has(key)) continue;
      const outdated = await merging.outdated({
        repository: landingRepository(repository),
        branch,
        approval,
      });
      if (outdated === null) continue;
      const { why, by } = outdated;
      if (by === "base" && (await isForTheLanding(repository, row, approval, tip))) continue;
      told.add(key);
      await ledger.write(async (at) => {
        const current = await store.session(row.id);
        const next = current && moved(current, { kind: "outdated", why }, at);
        if (!next) return { change: {}, result: undefined };
        const sent = withMessage(next, { kind: "recheck", base: tip }, { by: "server", at });
        return {
          result: undefined,
          change: {
            sessions: [sent.row],
            effects: [sent.effect],
            facts: [
              {
                name: "session:moved",
                repository: row.repository,
                session: row.id,
                actor: "server",
                text: `${row.item} is outdated: ${why}. It is checked again by itself.`,
                changes: { sessions: [sent.row.view] },
              },
            ],
          },
        };
      });
    }
  }

  /** A conflict with what a person committed fails at the landing, which says so; no agent touches it unasked. */
  async function isForTheLanding(
    repository: RepositoryRow,
    row: SessionRow,
    approval: Approval,
    tip: ObjectId,
  ) {
    if (await hasLandedSince(deps, repository, approval.base, tip)) return false;
    const preview = await merging.preview({
      repository: landingRepository(repository),
      session: row.id,
      approval,
    });
    return !preview.clean;
  }

  function takeAsMerged(row: SessionRow, commit: ObjectId) {
    return ledger.write(async (at) => {
      const current = await store.session(row.id);
      const isSame = current && approvalOf(current)?.head === approvalOf(row)?.head;
      if (!isSame || current.state.status === "merging" || !current.open)
        return { change: {}, result: undefined };
      const next = moved(current, { kind: "merged", commit, byHand: true }, at);
      if (!next) return { change: {}, result: undefined };
      return {
        result: undefined,
        change: {
          sessions: [next],
          effects: [
            {
              key: `${row.id}/adopt`,
              lane: trackerLane(row),
              session: row.id,
              intent: { kind: "adopt", by: "git" },
            },
          ],
          facts: [
            {
              name: "merge:landed",
              repository: row.repository,
              session: row.id,
              actor: "git",
              text: `${row.item} was merged by hand.`,
              changes: { sessions: [next.view] },
            },
          ],
          audit: [{ actor: "git", action: "merge", target: row.id, outcome: "by hand", detail: commit }],
        },
      };
    });
  }

  return (repository) => {
    let checkAll = checks.get(repository.id);
    if (!checkAll) checks.set(repository.id, (checkAll = coalesce(() => check(repository))));
    return checkAll();
  };
}
