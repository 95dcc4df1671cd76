import { comparePage, mergeMessage, mergeSubject } from "#lib/domain/merge.ts";
import type { ObjectId } from "#lib/domain/ids.ts";
import type { Git } from "#server/ports.ts";
import type { LandingJournal, LandingOrder, MergingDeps } from "./ports.ts";
import type { Step } from "./step-result.ts";
import { done, ended, known } from "./step-result.ts";

/** A remote that cannot be reached so often is left to the next landing, which brings all of it. */
const mostTries = 5;

/** Brings what has landed to the remote where that is asked for. A remote that does not take it undoes nothing. */
export const push: Step = async ({ journal }, deps) => {
  const { order } = journal;
  if (order.after.how !== "push" || journal.byHand) return done();
  const { base } = order.repository;
  const outcome = await bring(order, deps, { branch: base, commit: known(journal.commit, "commit") });
  switch (outcome.kind) {
    case "there":
      return done({ pushed: order.after.remote });
    case "unreachable":
      if (journal.pushTries < mostTries) {
        const trouble = `${order.after.remote} cannot be reached: ${outcome.why}`;
        return { kind: "later", trouble, learned: { pushTries: journal.pushTries + 1 } };
      }
      return done(warned(journal, `It was not pushed, as it cannot be reached: ${outcome.why}`));
    case "refused":
      return done(warned(journal, `It was not pushed: ${outcome.why}`));
  }
};

/** In the place of the move: pushes the work as a branch and proposes it there. The base is not touched. */
export const propose: Step = async ({ journal }, deps) => {
  const { order } = journal;
  const { remote } = order.after;
  const { base } = order.repository;
  const branch = order.undo === null ? order.branch : `amplify/revert-${order.item.id}`;
  const commit = order.undo === null ? order.approval.head : known(journal.commit, "commit");
  const outcome = await bring(order, deps, { branch, commit });
  if (outcome.kind !== "there") {
    return ended("error", `It could not be proposed: ${outcome.why} ${base} was not touched.`);
  }
  const proposal = { item: order.item.id, summary: order.summary, title: order.item.title };
  const { url: at } = outcome;
  const title = order.undo === null ? mergeSubject(proposal) : `Revert "${mergeSubject(proposal)}"`;
  const trailers = mergeMessage({ ...proposal, trailers: order.trailers })
    .split("\n")
    .slice(2)
    .join("\n");
  const body = [order.undo?.reason ?? order.comment, trailers].filter((part) => part !== "").join("\n\n");
  const opened = await deps.remotes.pullRequest({ url: at, base, branch, title, body });
  const url = opened ?? comparePage(at, base, branch);
  const what =
    opened !== null
      ? `Proposed as ${opened}.`
      : `Pushed to ${remote} as ${branch}.${url === null ? "" : ` Open a pull request at ${url}`}`;
  return ended("proposed", `${what} When ${base} here holds it, it counts as merged.`, { learned: { url } });
};

type Brought =
  | { readonly kind: "there"; readonly url: string }
  | { readonly kind: "refused" | "unreachable"; readonly why: string };

/** Never over what somebody else has pushed: the remote's branch is looked up, has to be held by ours, and moves from there only. */
async function bring(
  order: LandingOrder,
  { remotes, git }: MergingDeps,
  { branch, commit }: { readonly branch: string; readonly commit: ObjectId },
): Promise<Brought> {
  const { root } = order.repository;
  const { remote } = order.after;
  const url = await remotes.urlOf(root, remote);
  if (url === null) return { kind: "refused", why: `there is no remote ${remote}.` };
  const seen = await remotes.tipOf(url, branch);
  if ("unreachable" in seen) return { kind: "unreachable", why: seen.unreachable };
  const from = seen.tip;
  const ahead: Brought = {
    kind: "refused",
    why: `${branch} on ${remote} holds what this repository has not. Bring that in, then push.`,
  };
  if (from !== null && !(await holds(git, root, commit, from))) {
    return (await holds(git, root, from, commit)) ? { kind: "there", url } : ahead;
  }
  const outcome =
    from === commit ? null : await remotes.push({ repository: root, url, branch, from, to: commit });
  if (outcome === null || outcome.kind === "pushed") return { kind: "there", url };
  return outcome.kind === "moved" ? ahead : { kind: outcome.kind, why: outcome.why };
}

/** False also for a commit that is not here. */
function holds(
  git: Pick<Git, "isAncestor">,
  root: string,
  tip: ObjectId,
  commit: ObjectId,
): Promise<boolean> {
  return git.isAncestor(root, commit, tip).catch(() => false);
}

function warned({ warnings }: LandingJournal, warning: string): Pick<LandingJournal, "warnings"> {
  return { warnings: [...warnings, warning] };
}
