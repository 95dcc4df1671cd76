import { ProblemError } from "../application.ts";
import type { WorkSourceError, WorkSourceErrorKind } from "../ports.ts";

const codes: Partial<Record<WorkSourceErrorKind, ProblemError["problem"]["code"]>> = {
  "not-found": "not-found",
  "already-claimed": "conflict",
  blocked: "conflict",
  "open-children": "conflict",
  invalid: "invalid",
};

/** What the tracker refused, as a client is told it. */
export function trackerProblem({ kind, message }: WorkSourceError): ProblemError {
  const code = codes[kind] ?? "unavailable";
  return new ProblemError(code, message, code === "unavailable" ? "`amplify doctor` says more." : null);
}
