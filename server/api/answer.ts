import type { Answer } from "#lib/contract/wire.ts";
import { ProblemError } from "#server/application.ts";

type Refused = Extract<Answer<never>, { ok: false }>;

/** A refusal in the contract's form. Whatever is no `ProblemError` goes to `onError` and is told without particulars. */
export function answerOf(error: unknown, onError: (error: unknown) => void): Refused {
  if (error instanceof ProblemError) return { ok: false, problem: error.problem };
  onError(error);
  const message = "Something went wrong inside the server. Nothing that was confirmed is lost.";
  return {
    ok: false,
    problem: { code: "internal", message, fix: "See logs/server.log in the data folder." },
  };
}
