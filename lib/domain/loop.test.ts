import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseItemId, parseSessionId } from "./ids.ts";
import { type LoopSession, type LoopSurvey, planLoop } from "./loop.ts";
import type { SessionStatus } from "./session.ts";

const nothing: LoopSurvey = {
  landing: "auto",
  maxSessions: 100,
  maxFailures: 10,
  begun: 0,
  ready: [],
  sessions: [],
  refused: [],
  landings: 0,
  left: 0,
};
const ready = (id: string) => ({ id: parseItemId(id), title: id });
const session = (n: number, status: SessionStatus, rest: LoopSession["rest"] = null): LoopSession => ({
  session: parseSessionId(`session-t-${String(n)}-aaaaaa`),
  item: parseItemId(`t-${String(n)}`),
  title: "",
  status,
  rest,
});
const failed = { why: "It failed.", isFailure: true };

describe("a loop's plan", () => {
  it("[X3] ends when nothing is under way and nothing can be begun", () => {
    expect(planLoop(nothing).end).toBe("Everything is done.");
    for (const status of ["queued", "preparing", "running", "waiting", "completed", "reviewing"] as const)
      expect(planLoop({ ...nothing, sessions: [session(1, status)] }).end).toBeNull();
    for (const status of ["outdated", "rejected", "merging", "approved"] as const)
      expect(planLoop({ ...nothing, sessions: [session(1, status)] }).end).toBeNull();
    expect(planLoop({ ...nothing, landings: 1 }).end).toBeNull();
    expect(planLoop({ ...nothing, ready: [ready("t-1")] }).end).toBeNull();
    expect(planLoop({ ...nothing, left: 2 }).end).toContain("2 items cannot be started");
  });

  it("[X4] lands one approval at a time, and none where landing is asked for", () => {
    const sessions = [session(1, "approved"), session(2, "approved")];
    expect(planLoop({ ...nothing, sessions }).land).toBe(sessions[0]?.session);
    expect(planLoop({ ...nothing, sessions, landings: 1 }).land).toBeNull();
    expect(planLoop({ ...nothing, sessions: [...sessions, session(3, "merging")] }).land).toBeNull();
    expect(planLoop({ ...nothing, sessions, landing: "ask" })).toMatchObject({ land: null, end: null });
  });

  it("[X5] parks what needs a person and goes on with the others", () => {
    const plan = planLoop({
      ...nothing,
      sessions: [session(1, "failed", failed), session(2, "running")],
      ready: [ready("t-3")],
    });
    expect(plan.parked.map(({ item, why }) => [item, why])).toEqual([["t-1", "It failed."]]);
    expect(plan).toMatchObject({ dispatch: ["t-3"], end: null });
  });

  it("[X6] begins no more sessions than it may, and says what it did not begin", () => {
    const order = { ...nothing, maxSessions: 3, ready: [ready("t-1"), ready("t-2")] };
    expect(planLoop({ ...order, begun: 2 }).dispatch).toEqual(["t-1"]);
    const plan = planLoop({ ...order, begun: 3 });
    expect(plan.dispatch).toEqual([]);
    expect(plan.parked.map(({ item }) => item)).toEqual(["t-1", "t-2"]);
    expect(plan.parked[0]?.why).toContain("its 3 sessions");
  });

  it("[X6] begins nothing new after as many failures as it bears, and lets the rest come to its end", () => {
    const order = {
      ...nothing,
      maxFailures: 1,
      ready: [ready("t-9")],
      sessions: [session(1, "failed", failed)],
    };
    expect(planLoop({ ...order, sessions: [...order.sessions, session(2, "running")] })).toMatchObject({
      dispatch: [],
      end: null,
    });
    const plan = planLoop(order);
    expect(plan.end).toContain("2 items");
    expect(plan.parked.map(({ item }) => item)).toEqual(["t-1", "t-9"]);
  });

  it("[X3] always waits, acts or ends, and never ends while something is under way", () => {
    const statuses = ["queued", "running", "waiting", "approved", "outdated", "merging", "failed"] as const;
    const survey = fc.record({
      landing: fc.constantFrom("auto" as const, "ask" as const),
      begun: fc.nat(5),
      maxSessions: fc.integer({ min: 1, max: 5 }),
      maxFailures: fc.integer({ min: 1, max: 3 }),
      landings: fc.nat(1),
      left: fc.nat(2),
      sessions: fc.array(fc.tuple(fc.constantFrom(...statuses), fc.boolean()), { maxLength: 6 }),
      ready: fc.nat(4),
    });
    fc.assert(
      fc.property(survey, ({ sessions, ready: count, ...rest }) => {
        const all = sessions.map(([status, rests], n) =>
          session(n, status, status === "failed" || (status === "approved" && rests) ? failed : null),
        );
        const plan = planLoop({
          ...rest,
          refused: [],
          sessions: all,
          ready: Array.from({ length: count }, (_, n) => ready(`r-${String(n)}`)),
        });
        const isBusy = rest.landings > 0 || all.some((each) => each.rest === null);
        if (plan.end === null) expect(isBusy || plan.dispatch.length > 0).toBe(true);
        else expect([isBusy, plan.dispatch.length, plan.land]).toEqual([false, 0, null]);
        expect(plan.dispatch.length + rest.begun).toBeLessThanOrEqual(Math.max(rest.begun, rest.maxSessions));
      }),
    );
  });
});
