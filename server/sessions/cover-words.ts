import type { RunEvent } from "#lib/domain/run-event.ts";

/** Where events hold words of agents and of the commands that they run. Labels of options are not here: answers name them. */
const wordy: ReadonlySet<string> = new Set([
  ...["summary", "claim", "evidence", "reason", "why", "detail", "tail"],
  ...["text", "description", "context", "said"],
]);

/** What people said themselves goes back to the agent as they said it. */
const ofPeople: ReadonlySet<RunEvent["kind"]> = new Set(["answered", "rework-started", "resumed", "noted"]);

/** The event as the server keeps and tells it: with the secrets in an agent's words covered. */
export function coverWords(event: RunEvent, redact: (text: string) => string): RunEvent {
  return ofPeople.has(event.kind) ? event : (covered(event, redact) as RunEvent);
}

function covered(value: unknown, redact: (text: string) => string, key = ""): unknown {
  if (typeof value === "string") return wordy.has(key) ? redact(value) : value;
  if (Array.isArray(value)) return value.map((each) => covered(each, redact, key));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, covered(each, redact, name)]));
}
