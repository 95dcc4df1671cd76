import { WorkSourceError, type ToolRun, type WorkSourceErrorKind } from "#server/ports.ts";

/** Beads' own words in all its eras, the more specific first. */
const words: readonly (readonly [RegExp, WorkSourceErrorKind])[] = [
  [/no beads (?:database|workspace|project)|not (?:in )?a beads/i, "no-workspace"],
  [/out of sync/i, "out-of-sync"],
  [/already claimed|held by "|assignee is "/i, "already-claimed"],
  [/open child/i, "open-children"],
  [/blocked by|cannot close blocked/i, "blocked"],
  [/no issues? found|\bnot found\b|does not exist/i, "not-found"],
  [/schema version|schema skew|newer (?:version of )?(?:bd|schema)|needs? migration/i, "schema-skew"],
  [/\block(?:ed|s)?\b|SQLITE_BUSY|\bbusy\b|serialization failure|\b1213\b|\b1205\b/i, "locked"],
  [/read-?only|migration.?freeze/i, "read-only"],
  [/invalid|required|cannot be empty|cycle|unknown (?:flag|command)|not claimable|too long/i, "invalid"],
];

export function kindOf(said: string): WorkSourceErrorKind {
  // A wrong call is answered with the manual, which names every trouble there is.
  const complaint = said.replace(/^Usage:[^]*/m, "");
  return words.find(([pattern]) => pattern.test(complaint))?.[1] ?? "unknown";
}

/** Why a run of `bd` is no success. `printed` is the error that it printed as JSON, if any. */
export function failureOf(command: string, run: ToolRun, printed = ""): WorkSourceError {
  const output = `${printed}\n${run.stderr}`.trim();
  switch (run.end) {
    case "not-started":
      return new WorkSourceError("not-installed", "The program bd (Beads) cannot be started.", output);
    case "time-limit":
      return new WorkSourceError("timeout", `Beads did not answer in time (bd ${command}).`, output);
    case "output-limit":
      return new WorkSourceError("bad-output", `Beads printed too much (bd ${command}).`, output);
    case "cancelled":
      return new WorkSourceError("unknown", `bd ${command} was cancelled.`, output);
    case "exited": {
      const kind = kindOf(output);
      const said = firstLine(output);
      if (said !== "") return new WorkSourceError(kind, said, output);
      const silent = run.exit === 0 ? "bad-output" : "unknown";
      return new WorkSourceError(silent, `bd ${command} failed without a word.`, output);
    }
  }
}

/** Warnings come before the error and are no part of it. */
function firstLine(output: string): string {
  const lines = output.split("\n").map((line) => line.trim());
  const error = lines.find((line) => kindOf(line) !== "unknown") ?? lines.find((line) => /error/i.test(line));
  return unquoted(error ?? lines[0] ?? "")
    .replace(/^Error:\s*/, "")
    .slice(0, 500);
}

/** The text of an `"error": "…"` that was printed as JSON, or the line as it is. */
function unquoted(line: string): string {
  const literal = /"error":\s*("(?:[^"\\]|\\.)*")/.exec(line)?.[1];
  if (literal === undefined) return line;
  try {
    return String(JSON.parse(literal));
  } catch {
    return line;
  }
}
