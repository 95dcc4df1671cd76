import { actorFor } from "#lib/domain/ids.ts";
import { closeReason } from "#lib/domain/merge.ts";
import type { WorktreeFacts } from "#server/ports.ts";
import { FilteredPathsError, WorkSourceError, WorktreeBusyError } from "#server/ports.ts";
import { identityOf } from "./build-step.ts";
import { nameSome } from "./describe-landing.ts";
import { landingRef } from "./landing.ts";
import type { LandingOrder, MergingDeps } from "./ports.ts";
import type { Step } from "./step-result.ts";
import { done } from "./step-result.ts";

/** Closes the item as the session's own actor. What is closed already stays as it was closed. */
export const close: Step = async ({ journal }, deps) => {
  const { order } = journal;
  const source = deps.sourceOf(order.repository.id);
  try {
    const item = await source.show(order.item.id);
    if (item === null) {
      return done({ warnings: [...journal.warnings, `${order.item.id} is not in the backlog any more.`] });
    }
    if (item.status !== "closed") {
      await source.close(order.item.id, {
        actor: actorFor(order.session),
        reason: closeReason(order.repository.base),
        ...(order.comment === "" ? {} : { comment: order.comment }),
      });
    }
    return done();
  } catch (error) {
    if (!(error instanceof WorkSourceError)) throw error;
    return { kind: "later", trouble: `${order.item.id} could not be closed: ${error.message}` };
  }
};

/** Keeps the approved head, and the branch's where it went on, by refs that no clean-up takes away. */
export const archive: Step = async ({ journal: { order, archived } }, { git }) => {
  const { root } = order.repository;
  const branch = await git.resolve(root, `refs/heads/${order.branch}`);
  const heads = new Set([order.approval.head, branch ?? order.approval.head]);
  const refs = await Promise.all([...heads].map((head) => git.archive(root, order.session, head, "landed")));
  return done({ archived: [...archived, ...refs] });
};

/** Removes worktree, branch and landing ref; what somebody else uses now is left and said. */
export const clean: Step = async ({ id, journal }, deps) => {
  const { order } = journal;
  const worktree = await removeWorktree(order, deps);
  const branch = await removeBranch(order, deps);
  await removeLandingRef(id, order.repository.root, deps);
  const left = [worktree.left, branch].filter((each) => each !== null);
  return done({
    archived: [...journal.archived, ...worktree.archived],
    warnings: [...journal.warnings, ...left],
  });
};

interface Removal {
  readonly archived: readonly string[];
  /** Why it was left; null where it is gone. */
  readonly left: string | null;
}

async function removeWorktree(order: LandingOrder, deps: MergingDeps): Promise<Removal> {
  const { git } = deps;
  const { root } = order.repository;
  const own = await ownWorktree(order, deps);
  if (own === null) return { archived: [], left: null };
  const leave = (why: string): Removal => ({
    archived: [],
    left: `The worktree ${own.path} was left: ${why}.`,
  });
  try {
    await git.removeWorktree(root, own.path);
    return { archived: [], left: null };
  } catch (error) {
    if (!(error instanceof WorktreeBusyError)) throw error;
    if (error.why !== "uncommitted-changes") return leave(error.message);
  }
  try {
    const message = `Uncommitted work of ${order.session}`;
    const snapshot = await git.snapshot(own.path, message, await identityOf(order, git));
    if (snapshot !== null && snapshot.omitted.length > 0) {
      return leave(`repositories inside it cannot be kept (${nameSome(snapshot.omitted)})`);
    }
    const archived =
      snapshot === null
        ? []
        : [await git.archive(root, order.session, snapshot.commit, "uncommitted when it landed")];
    await git.removeWorktree(root, own.path, { force: true });
    return { archived, left: null };
  } catch (error) {
    if (error instanceof FilteredPathsError) return leave(error.message);
    throw error;
  }
}

/** Deletes the branch only from a head that an archive ref keeps. */
async function removeBranch(order: LandingOrder, { git }: MergingDeps): Promise<string | null> {
  const { root } = order.repository;
  const user = (await git.worktrees(root)).find((each) => each.branch === order.branch && !each.missing);
  if (user) return `The branch ${order.branch} was left: ${user.path} has it checked out.`;
  const ref = `refs/heads/${order.branch}`;
  for (let tries = 0; tries < 3; tries += 1) {
    const head = await git.resolve(root, ref);
    if (head === null) return null;
    await git.archive(root, order.session, head, "landed");
    if (await git.moveRef(root, ref, null, head, `amplify: landed ${order.session}`)) return null;
  }
  return `The branch ${order.branch} was left: it keeps moving.`;
}

export async function removeLandingRef(id: string, root: string, { git }: MergingDeps): Promise<void> {
  const at = await git.resolve(root, landingRef(id));
  if (at !== null) await git.moveRef(root, landingRef(id), null, at, "amplify: landing ended");
}

/** The session's worktree, where it still is one and still has the session's branch. */
async function ownWorktree(order: LandingOrder, { git }: MergingDeps): Promise<WorktreeFacts | null> {
  const all = await git.worktrees(order.repository.root);
  return all.find((each) => each.path === order.worktree && each.branch === order.branch) ?? null;
}
