import type { FailureReason } from "./failure.ts";
import { listOf, numberOf, textOf } from "./untrusted-json.ts";

const goodEnds = new Set(["completed", "tool_deferred"]);

/** What the program itself says where no status code tells the cases apart. */
const phrases: readonly (readonly [RegExp, FailureReason])[] = [
  [
    /credit balance is (?:too )?low|insufficient (?:credit|balance|quota)|out of credits?|payment required/i,
    "credit-exhausted",
  ],
  [/prompt is too long/i, "prompt-too-long"],
  [
    /not logged in|please run \/login|invalid api key|oauth token (?:has expired|revoked)/i,
    "agent-not-logged-in",
  ],
  [/usage limit|rate limit|limit reached/i, "rate-limited"],
];

/**
 * Why a `result` of the stream is no success; null where it is one. `is_error` comes first, for an
 * error of the service ends with `subtype: "success"`; then `terminal_reason`; then status and text.
 */
export function failureOf(result: Readonly<Record<string, unknown>>): FailureReason | null {
  const terminal = textOf(result.terminal_reason);
  const subtype = textOf(result.subtype);
  if (result.is_error !== true && subtype === "success" && (terminal === "" || goodEnds.has(terminal))) {
    return null;
  }
  if (terminal === "budget_exhausted" || subtype === "error_max_budget_usd") return "budget-exhausted";
  if (terminal === "max_turns" || subtype === "error_max_turns") return "turns-exhausted";
  if (terminal === "prompt_too_long") return "prompt-too-long";
  if (terminal.startsWith("aborted")) return "agent-killed";
  return ofService(result, terminal);
}

function ofService(result: Readonly<Record<string, unknown>>, terminal: string): FailureReason {
  const said = [result.result, ...listOf(result.errors)].map(textOf).join("\n");
  const status = numberOf(result.api_error_status);
  if (status === 401 || status === 403) return "agent-not-logged-in";
  if (status === 429) return "rate-limited";
  if (status !== null && status >= 500) return "service-error";
  const phrase = phrases.find(([pattern]) => pattern.test(said));
  if (phrase) return phrase[1];
  // The request is the conversation: refused once, it is refused for ever.
  if (status === 400) return "conversation-broken";
  if (status === 402) return "credit-exhausted";
  // No status at all: the service was not reached, or broke off. Older versions call that completed.
  const broken = terminal === "api_error" || said.startsWith("API Error");
  return broken && status === null ? "service-error" : "agent-crashed";
}

/** When a limit ends, in the program's own words: seconds since 1970 behind a bar, or an instant. Null where it names none. */
export function resetTimeIn(text: string): string | null {
  const [, seconds] = /\|\s*(\d{10})\b/.exec(text) ?? [];
  if (seconds !== undefined) return new Date(Number(seconds) * 1000).toISOString();
  const [instant] = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/.exec(text) ?? [];
  const ms = Date.parse(instant ?? "");
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}
