import { describe, expect, it } from "vitest";
import { failures, type FailureReason } from "./failure.ts";
import { nextRetry, type Retry, pausesOf } from "./retry.ts";

const at = "2026-01-01T00:00:00.000Z";
const later = (ms: number) => new Date(Date.parse(at) + ms).toISOString();

function attempts(reason: FailureReason): (string | null)[] {
  const times: (string | null)[] = [];
  for (let retry: Retry | null = null; times.length < 100;) {
    retry = nextRetry({ reason, detail: "" }, retry, at);
    if (!retry) return times;
    times.push(retry.at);
  }
  return times;
}

describe("retries", () => {
  it("[D110] only what can help by itself is tried again, later each time, and never without an end", () => {
    expect(attempts("service-error")).toEqual([later(60_000), later(300_000), later(900_000)]);
    expect(attempts("conversation-broken")).toHaveLength(2);
    expect(attempts("prompt-too-long")).toHaveLength(1);
    expect(attempts("agent-hung")).toHaveLength(1);
    expect(attempts("rate-limited")).toHaveLength(24);
    const others = (Object.keys(failures) as FailureReason[]).filter(
      (reason) =>
        ![
          "service-error",
          "conversation-broken",
          "prompt-too-long",
          "agent-hung",
          "rate-limited",
          "credit-exhausted",
        ].includes(reason),
    );
    for (const reason of others) expect(attempts(reason)).toEqual([]);
  });

  it("[D111] a limit is waited out until the time that the service names, else longer each time", () => {
    const until = later(7_000_000);
    const named = nextRetry({ reason: "rate-limited", detail: "", until }, null, at);
    expect(named).toMatchObject({ at: until, attempt: 1 });
    const past = nextRetry({ reason: "rate-limited", detail: "", until: later(-1) }, null, at);
    expect(past?.at).toBe(later(300_000));
    expect(attempts("rate-limited").slice(0, 5)).toEqual(
      [300_000, 600_000, 1_200_000, 2_400_000, 3_600_000].map(later),
    );
  });

  it("[D112] an account's pause is its longest, and exhausted credit waits for a person", () => {
    const limit = (account: string, ms: number) => ({
      account,
      failure: { reason: "rate-limited" as const, detail: "slow" },
      retry: { at: later(ms), waits: true, attempt: 1, of: 24 },
    });
    const credit = {
      account: "a",
      failure: { reason: "credit-exhausted" as const, detail: "empty" },
      retry: { at: null, waits: true, attempt: 1, of: 24 },
    };
    expect(pausesOf([limit("a", 10), limit("a", 20), limit("b", 5)])).toMatchObject([
      { account: "a", until: later(20), sessions: 2 },
      { account: "b", until: later(5), sessions: 1 },
    ]);
    expect(pausesOf([limit("a", 10), credit, limit("a", 99)])).toMatchObject([
      { account: "a", reason: "credit-exhausted", until: null, sessions: 3 },
    ]);
  });
});
