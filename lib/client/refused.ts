import type { Answer, Problem } from "#lib/contract/wire.ts";

/** The server refused: `problem` says what was wrong and what to do. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** Nobody answered at the server's address. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";
}

/** The value of an answer, or the refusal thrown. */
export function accepted<Output>(answer: Answer<Output>): Output {
  if (answer.ok) return answer.value;
  throw new RefusedError(answer.problem);
}

/** Any error as a problem that a person can read. */
export function problemOf(error: unknown): Problem {
  if (error instanceof RefusedError) return error.problem;
  if (error instanceof UnreachableError) {
    return {
      code: "unavailable",
      message: error.message,
      fix: "Nothing was lost. It goes on by itself once the server answers.",
    };
  }
  return {
    code: "internal",
    message: error instanceof Error ? error.message : "Something went wrong.",
    fix: "Reload the page.",
  };
}
