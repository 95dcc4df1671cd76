import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AgentSessionId, ObjectId } from "./ids.ts";
import { questionIdFor } from "./ids.ts";
import type { Asked } from "./question.ts";
import { conclude } from "./conclude.ts";
import { rolesOf, type Report, type Review } from "./review.ts";
import { activeOf, due, isAlive, newRun, replay, transition, type Run, type RunEvent } from "./run.ts";

const limits = { reworkRounds: 2, repairs: 2 };
const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
console.log(`run.test.ts seed ${seed}`);

const at = "2026-01-01T00:00:00.000Z";
const oid = (n: number) => String(n % 10).repeat(40) as ObjectId;
const conversation = "00000000-0000-4000-8000-000000000000" as AgentSessionId;
const identity = { pid: 7, startTicks: "7", bootId: "b" };

/** What a record holds besides its verdict. */
const plainRecord = {
  number: 1,
  uncounted: [],
  earlier: [],
  fixes: [],
  validation: null,
  limits: null,
} as const;

function asked(run: Run, toolUseId: string | null): Asked {
  return {
    id: questionIdFor(run.questions.length + 1),
    prompts: [{ text: "Which?", header: "", options: [{ label: "a", description: "" }], multiple: false }],
    asker: { role: "agent", phase: "implementation", step: run.steps },
    context: "",
    askedAt: at,
    toolUseId,
  };
}

/** The events that the runner would bring about next, chosen by `dice`: what is due, with every outcome it can have. */
function progress(run: Run, dice: number): RunEvent[] {
  const next = due(run, limits);
  const step = run.steps;
  switch (next.kind) {
    case "prepare":
      return [{ at, kind: "prepared", worktree: "/w", base: oid(0) }];
    case "start-step":
      return [
        {
          at,
          kind: "step-started",
          step: next.number,
          purpose: next.purpose,
          agentSession: run.agentSession ?? conversation,
          delivers: next.delivers,
        },
      ];
    case "watch-step": {
      if (!next.step.process && dice % 2 === 0)
        return [{ at, kind: "step-spawned", step, process: identity }];
      const head = dice % 7 === 0 ? oid(dice) : (run.head ?? oid(0));
      if (dice % 5 === 0)
        return [{ at, kind: "step-asked", step, costUsd: 1, question: asked(run, `t${dice}`) }];
      if (dice % 11 === 0) {
        const failure = { reason: "agent-killed", detail: "" } as const;
        return [{ at, kind: "step-failed", step, costUsd: 1, failure, agentSessionLost: dice % 3 === 0 }];
      }
      return [{ at, kind: "step-finished", step, costUsd: 1, head }];
    }
    case "check-work": {
      if (dice % 4 === 0) return [{ at, kind: "left-uncommitted", files: ["a"] }];
      const head = run.head ?? oid(0);
      if (!run.validation?.passed) {
        return [{ at, kind: "validated", validation: { passed: dice % 3 !== 0, commands: [], head } }];
      }
      return [{ at, kind: "completed", head, summary: "s" }];
    }
    case "open-council":
      return [{ at, kind: "council-opened", base: run.base ?? oid(0), head: run.head ?? oid(0) }];
    case "hold-part": {
      if (run.state.status !== "reviewing") return [];
      if (dice % 6 === 0)
        return [{ at, kind: "part-failed", part: next.part, reason: "r", reports: [], attended: [] }];
      const reports = rolesOf[next.part].map((role, index): Report => ({
        role,
        verdict: ((dice >> index) & 1) === 0 ? "approve" : "changes",
        summary: "",
        findings: [],
        responses: [],
        earlier: [],
      }));
      const { head } = run.state;
      const held = {
        part: next.part,
        reports,
        retold: null,
        headBefore: head,
        headAfter: run.head ?? head,
        attended: [],
      };
      return [{ at, kind: "part-held", held }];
    }
    case "conclude": {
      if (run.state.status !== "reviewing") return [];
      const conclusion =
        run.state.over === null
          ? conclude(run.state.held)
          : ({ kind: "no-verdict", reason: run.state.over } as const);
      if (conclusion.kind === "next") return [];
      const review = {
        ...plainRecord,
        round: run.round,
        verdict: conclusion.kind,
        by: conclusion.kind === "no-verdict" ? null : conclusion.by,
        reason: null,
        base: run.state.base,
        head: run.state.head,
        parts: run.state.held,
        startedAt: at,
        endedAt: at,
        costUsd: 0,
      };
      return [{ at, kind: "review-concluded", review }];
    }
    case "rework":
      return [
        { at, kind: "rework-started", round: run.round + 1, by: "c", note: "", comments: [], inbox: null },
      ];
    case "wait":
    case "nothing":
      return [];
  }
}

/** What a person, an agent's file or bad luck may bring at any moment, fitting or not. */
function surprise(run: Run, kind: number, inbox: number): RunEvent {
  const id = questionIdFor(Math.max(1, run.questions.length));
  switch (kind % 10) {
    case 0:
      return {
        at,
        kind: "answered",
        question: id,
        answer: { choices: [{ labels: ["a"], text: "" }], by: "x", at },
        inbox,
      };
    case 1:
      return { at, kind: "stopped", by: "x", discard: false, inbox };
    case 2:
      return { at, kind: "resumed", by: "x", note: "", inbox, fresh: kind % 2 === 0 };
    case 3:
      return { at, kind: "rework-started", round: run.round + 1, by: "x", note: "n", comments: [], inbox };
    case 4:
      return {
        at,
        kind: "base-merged",
        base: oid(kind),
        head: oid(kind + 1),
        conflicts: kind % 2 ? ["a"] : [],
        inbox,
      };
    case 5:
      return { at, kind: "noted", by: "x", text: "t", inbox };
    case 6:
      return { at, kind: "asked", question: asked(run, null) };
    case 7:
      return { at, kind: "interrupted", why: "w" };
    case 8:
      return { at, kind: "review-concluded", review: forged(run) };
    default:
      return { at, kind: "withdrawn", question: id, reason: "r" };
  }
}

/** An approval that says whatever the run knows, and was never given. */
function forged({ state, round, base, head }: Run): Review {
  const parts = state.status === "reviewing" ? state.held : [];
  const change = { base: base ?? oid(0), head: head ?? oid(0) };
  const times = { startedAt: at, endedAt: at, costUsd: 0 };
  return {
    ...plainRecord,
    round,
    verdict: "approved",
    by: "consensus",
    reason: null,
    ...change,
    parts,
    ...times,
  };
}

/** A whole life by chance: mostly what is due, now and then something else. */
const lives = fc
  .array(fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 10_000 })), { minLength: 1, maxLength: 120 })
  .map((moves) => {
    let run = newRun;
    const events: RunEvent[] = [];
    const runs: Run[] = [run];
    let inbox = 0;
    for (const [what, dice] of moves) {
      const wanted = what === 0 || progress(run, dice).length === 0;
      const event = wanted ? surprise(run, dice, ++inbox) : progress(run, dice)[0]!;
      const outcome = transition(run, event, limits);
      if ("rejected" in outcome) continue;
      run = outcome.run;
      events.push(event);
      runs.push(run);
    }
    return { events, runs };
  });

function always(check: (before: Run, event: RunEvent, after: Run) => void) {
  fc.assert(
    fc.property(lives, ({ events, runs }) => {
      for (const [index, event] of events.entries()) check(runs[index]!, event, runs[index + 1]!);
    }),
    { seed, numRuns: 1500 },
  );
}

describe("the run of a session", () => {
  it("[RM1] never has two steps open, and counts them without a gap", () => {
    always((before, event, after) => {
      if (event.kind !== "step-started") return;
      expect(activeOf(before.state)?.step ?? null).toBeNull();
      expect(after.steps).toBe(before.steps + 1);
    });
  });

  it("[RM2] never takes back what it has handled", () => {
    always((before, _, after) => expect(after.handled).toBeGreaterThanOrEqual(before.handled));
  });

  it("[RM3] ends a question by an answer or a withdrawal only, and for good", () => {
    always((before, _, after) => {
      for (const [index, question] of before.questions.entries()) {
        const now = after.questions[index];
        expect(now?.id).toBe(question.id);
        if (question.status !== "open") expect(now?.status).toBe(question.status);
      }
    });
  });

  it("[RM4] is approved only by a council whose conclusion approves", () => {
    always((before, event, after) => {
      if (after.state.status !== "approved" || before.state.status === "approved") return;
      expect(event.kind).toBe("review-concluded");
      expect(before.state.status === "reviewing" && conclude(before.state.held).kind).toBe("approved");
    });
  });

  it("[RM5] is what its events fold to", () => {
    fc.assert(
      fc.property(lives, ({ events, runs }) => {
        expect(replay(events, limits)).toEqual({ run: runs.at(-1), refused: [] });
      }),
      { seed, numRuns: 500 },
    );
  });

  it("[RM6] can always take one of the events that what is due brings about", () => {
    fc.assert(
      fc.property(lives, fc.nat({ max: 10_000 }), ({ runs }, dice) => {
        const run = runs.at(-1)!;
        const outcomes = [dice, dice + 1, dice + 3].flatMap((each) => progress(run, each));
        if (outcomes.length === 0) return;
        expect(outcomes.some((event) => "run" in transition(run, event, limits))).toBe(true);
      }),
      { seed, numRuns: 1500 },
    );
  });

  it("[RM7] sends a red validation back at most as often as the limit says, for each round", () => {
    always((_, __, after) => expect(after.repairs).toBeLessThanOrEqual(limits.repairs));
  });

  it("[RM8] waits only for questions that are open", () => {
    always((_, __, after) => {
      if (after.state.status === "waiting") expect(after.state.open.length).toBeGreaterThan(0);
      if (after.state.status !== "waiting") return;
      const open = after.questions.filter(({ status }) => status === "open").map(({ id }) => id);
      expect(open).toEqual(expect.arrayContaining([...after.state.open]));
    });
  });

  it("[RM9] has no open question once it is stopped", () => {
    always((_, event, after) => {
      if (event.kind !== "stopped") return;
      expect(after.questions.filter(({ status }) => status === "open")).toEqual([]);
    });
  });

  it("[RM10] reaches every status by chance, so that the other properties say something", () => {
    const seen = new Set<string>();
    always((_, __, after) => void seen.add(after.state.status));
    const some = ["approved", "checking", "completed", "failed", "interrupted", "preparing", "rejected"];
    expect([...seen].toSorted()).toEqual([...some, "reviewing", "running", "stopped", "waiting"]);
  });

  it("[RM11] hands a lost conversation's successor no answer by call, and begins anew", () => {
    always((before, event) => {
      if (event.kind !== "step-started" || before.agentSession !== null) return;
      expect(event.delivers).toBeNull();
    });
  });

  it("[RM12] is alive or at rest, and at rest nothing is due but a rework", () => {
    always((_, __, after) => {
      const next = due(after, limits).kind;
      if (!isAlive(after.state)) expect(["nothing", "wait", "rework"]).toContain(next);
    });
  });
});
