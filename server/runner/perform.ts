import type { Due } from "#lib/domain/due.ts";
import { checkWork } from "./check-work.ts";
import { concludeReview, holdPart, openCouncil } from "./hold-council.ts";
import { prepare } from "./prepare.ts";
import type { Session } from "./session.ts";
import { startStep } from "./start-step.ts";
import { watchStep } from "./watch-step.ts";

/** Does the one thing that is due. Each can be broken off anywhere and done again. */
export async function perform(session: Session, next: Due): Promise<void> {
  switch (next.kind) {
    case "prepare":
      return prepare(session);
    case "start-step":
      return startStep(session, next);
    case "watch-step":
      return watchStep(session, next.step, next.purpose);
    case "check-work":
      return checkWork(session);
    case "open-council":
      return openCouncil(session);
    case "hold-part":
      return holdPart(session, next.step, next.part);
    case "conclude":
      return concludeReview(session);
    case "rework":
      return session.emit({
        kind: "rework-started",
        round: session.run.round + 1,
        by: "the review council",
        note: "",
        comments: [],
        inbox: null,
      });
    case "wait":
    case "nothing":
      return;
  }
}
