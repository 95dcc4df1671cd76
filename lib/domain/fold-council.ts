import { conclude } from "./conclude.ts";
import { councilRules, isApprovedBy, isConclusive, opening } from "./council-state.ts";
import type { EventOf, Fold, Transition } from "./fold.ts";
import { running, type Active } from "./run-state.ts";

type CouncilKind = "council-opened" | "part-held" | "part-failed" | "council-overran" | "review-concluded";

/** What becomes of a council. */
export function foldCouncil(fold: Fold, event: EventOf<CouncilKind>): Transition {
  const { run, limits, to, refuse } = fold;
  const { state } = run;
  switch (event.kind) {
    case "council-opened":
      if (state.status !== "completed") return refuse("only completed work is reviewed");
      return to(opening(run, event.base, event.head, event.at), { base: event.base });

    case "part-held": {
      if (state.status !== "reviewing" || state.ended === null) return refuse("no part has just ended");
      if (event.held.part !== state.part) return refuse(`the ${state.part} is being held`);
      const held = [...state.held, event.held];
      const conclusion = conclude(held, councilRules(state, limits));
      const next: Active =
        conclusion.kind === "next"
          ? { ...state, held, ended: null, part: conclusion.part, again: false, flaw: null }
          : { ...state, held, ended: null, head: event.held.headAfter };
      return to(next, { head: event.held.headAfter });
    }

    case "part-failed": {
      if (state.status !== "reviewing" || state.ended === null) return refuse("no part has just ended");
      const { part, reason, reports, attended } = event;
      const uncounted = [...state.uncounted, { part, reason, reports, attended }];
      return state.again
        ? to({ ...state, ended: null, uncounted, over: reason, head: run.head ?? state.head })
        : to({ ...state, ended: null, uncounted, again: true, flaw: reason });
    }

    case "council-overran":
      if (state.status !== "reviewing") return refuse("no council is at work");
      return to(
        { ...state, step: null, ended: null, deliver: null, over: event.reason, head: event.head },
        { costUsd: run.costUsd + event.costUsd, head: event.head },
      );

    case "review-concluded": {
      if (state.status !== "reviewing" || state.step || !isConclusive(state, limits)) {
        return refuse("no review has come to its end");
      }
      const { review } = event;
      if (review.verdict === "approved" && !isApprovedBy(state, review, limits)) {
        return refuse("that is not what the council came to");
      }
      const fields = {
        reviews: [...run.reviews, review],
        comments: [],
        confirmed: null,
        head: review.head,
        endedAt: event.at,
      };
      // Somebody spoke while the council sat: that comes first, and is reviewed again.
      if (review.verdict === "approved" && run.notes.length > 0) {
        return to(running({ kind: "rework", note: run.notes.join("\n\n") }), {
          ...fields,
          endedAt: null,
          notes: [],
          round: run.round + 1,
          repairs: 0,
          tidied: false,
        });
      }
      if (review.verdict === "approved") return to({ status: "approved", review }, fields);
      if (review.verdict === "rejected") return to({ status: "rejected", review }, fields);
      return to(
        {
          status: "failed",
          failure: { reason: "no-verdict", detail: review.reason ?? "" },
          // Whatever moved the branch has to pass the validation before it is reviewed.
          then:
            run.validation?.passed && run.validation.head === review.head
              ? opening({ ...run, ...fields }, review.base, review.head, event.at)
              : running({ kind: "continue", note: "" }),
        },
        fields,
      );
    }
  }
}
