import { isConclusive } from "./council-state.ts";
import type { EventOf, Fold, Transition } from "./fold.ts";
import { running, type Validation } from "./run-state.ts";

type WorkKind = "prepared" | "left-uncommitted" | "validated" | "completed";

/** What becomes of the work between its steps and its review. */
export function foldWork(fold: Fold, event: EventOf<WorkKind>): Transition {
  const { run, limits, to, refuse } = fold;
  const { state } = run;
  switch (event.kind) {
    case "prepared":
      if (state.status !== "preparing") return refuse("the worktree is prepared once");
      return to(running({ kind: "implement" }), {
        worktree: event.worktree,
        base: event.base,
        head: event.base,
        startedAt: run.startedAt ?? event.at,
      });

    case "left-uncommitted":
      if (state.status !== "checking") return refuse("nothing is being checked");
      if (run.tidied) return refuse("it was reminded already");
      return to(running({ kind: "tidy" }), { tidied: true });

    case "validated":
      // A fix by the tech lead is validated before the verdict, which is where a red one counts.
      if (state.status === "reviewing" && isConclusive(state, limits))
        return to(state, { validation: event.validation });
      if (state.status !== "checking") return refuse("nothing is being checked");
      if (event.validation.passed)
        return to(state, { validation: event.validation, head: event.validation.head });
      if (run.repairs < limits.repairs) {
        const attempt = run.repairs + 1;
        return to(running({ kind: "repair", attempt }), { validation: event.validation, repairs: attempt });
      }
      return to(
        {
          status: "failed",
          failure: { reason: "validation-red", detail: redOf(event.validation) },
          then: running({ kind: "continue", note: "" }),
        },
        { validation: event.validation, endedAt: event.at },
      );

    case "completed":
      if (state.status !== "checking") return refuse("nothing is being checked");
      return to({ status: "completed", head: event.head }, { head: event.head, summary: event.summary });
  }
}

function redOf(validation: Validation): string {
  const red = validation.commands.filter((command) => command.exit !== 0);
  return red
    .map(
      (command) =>
        `${command.name} ended with ${command.exit === null ? "no exit code" : String(command.exit)}`,
    )
    .join("; ");
}
