import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asked, at, conversation, isSound, limits, lives, oid, progress } from "#e2e/fixtures/run-lives.ts";
import { questionIdFor } from "./ids.ts";
import { activeOf, isAlive, newRun, type Run } from "./run-state.ts";
import { due } from "./due.ts";
import { openFindings } from "./open-findings.ts";
import { replay, transition } from "./run.ts";
import type { RunEvent } from "./run-event.ts";

const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
console.log(`run.test.ts seed ${seed}`);

function always(check: (before: Run, event: RunEvent, after: Run) => void) {
  fc.assert(
    fc.property(lives, ({ events, runs }) => {
      for (const [index, event] of events.entries()) check(runs[index]!, event, runs[index + 1]!);
    }),
    { seed, numRuns: 1500 },
  );
}

/** A step of work begins. */
function steps(step: number, kind: "implement"): RunEvent[] {
  const purpose = { phase: "implementation", work: { kind } } as const;
  return [{ at, kind: "step-started", step, purpose, agentSession: conversation, delivers: null }];
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

  it("[RM4] is approved only by a council that leaves nothing weighty standing, and for the head that it has", () => {
    const ways = new Set<string>();
    always((before, event, after) => {
      if (after.state.status !== "approved" || before.state.status === "approved") return;
      if (event.kind !== "review-concluded" || before.state.status !== "reviewing") {
        throw new Error(`approved by ${event.kind}`);
      }
      const { review } = event;
      expect(review.parts).toEqual(before.state.held);
      expect(isSound(review, before.state.carried)).toBe(true);
      expect([after.head, after.state.review.head]).toEqual([before.head, before.head]);
      const { parts } = review;
      ways.add(
        `${String(review.by)}${parts.some((held) => openFindings([held]).length > 0) ? " with findings" : ""}`,
      );
    });
    expect([...ways].toSorted()).toEqual(expect.arrayContaining(["arbitration with findings", "consensus"]));
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

  it("[RM200] comes to no verdict, and to no approval, where a council overran or could not be held twice", () => {
    always((before, event, after) => {
      if (event.kind !== "review-concluded" || before.state.status !== "reviewing") return;
      if (before.state.over !== null) expect(after.state.status).not.toBe("approved");
    });
  });

  it("[RM201] looks only at a moved base where nothing else has happened to an approved change", () => {
    always((before, event, after) => {
      if (event.kind !== "council-opened" || after.state.status !== "reviewing") return;
      expect(after.state.part).toBe(before.confirmed ? "recheck" : "examination");
      if (before.confirmed) expect(before.reviews.at(-1)?.verdict).toBe("approved");
    });
  });

  it("[RM11] hands a lost conversation's successor no answer by call, and begins anew", () => {
    always((before, event) => {
      if (event.kind !== "step-started" || before.agentSession !== null) return;
      expect(event.delivers).toBeNull();
    });
  });

  it("[RM13] keeps a question whose asker has gone, and goes on with the answer", () => {
    const begun = [
      { at, kind: "prepared", worktree: "/w", base: oid(0) },
      {
        at,
        kind: "step-started",
        step: 1,
        purpose: { phase: "implementation", work: { kind: "implement" } },
        agentSession: conversation,
        delivers: null,
      },
    ] as const satisfies readonly RunEvent[];
    const { run: working } = replay(begun, limits);
    const asks: RunEvent = { at, kind: "asked", question: asked(working, null) };
    const given = { choices: [{ labels: ["a"], text: "" }], by: "Ada", at };
    const answers: RunEvent = { at, kind: "answered", question: questionIdFor(1), answer: given, inbox: 1 };
    const failure = { reason: "agent-killed", detail: "" } as const;
    const ends: readonly RunEvent[] = [
      { at, kind: "step-finished", step: 1, costUsd: 0, head: oid(1) },
      { at, kind: "step-failed", step: 1, costUsd: 0, failure, agentSessionLost: false },
    ];
    for (const end of ends) {
      const left = replay([...begun, asks, end], limits).run;
      expect(left.questions).toMatchObject([{ status: "open" }]);
      const { run } = replay([...begun, asks, end, answers], limits);
      expect(run.questions).toMatchObject([{ status: "answered", deliveredAt: null }]);
      if (run.state.status === "failed") continue;
      expect(due(run, limits)).toMatchObject({ kind: "start-step", number: 2, delivers: null });
    }
    const { run: heard } = replay([...begun, asks, answers], limits);
    expect(heard.questions).toMatchObject([{ status: "answered", deliveredAt: at }]);
  });

  it("[RM14] works off what a person said meanwhile before a review, and after an approval reviews it again", () => {
    const note: RunEvent = { at, kind: "noted", by: "Ada", text: "Mind the gap", inbox: 1 };
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 60 }), { maxLength: 60 }), (dice) => {
        let run = newRun;
        let isNoted = false;
        for (const die of dice) {
          if (!isNoted && activeOf(run.state)?.step) {
            const noted = transition(run, note, limits);
            if ("run" in noted) ({ run } = noted);
            isNoted = true;
          }
          const [next] = progress(run, die);
          if (!next) break;
          const outcome = transition(run, next, limits);
          if ("run" in outcome) ({ run } = outcome);
        }
        if (run.state.status === "approved") expect(run.notes).toEqual([]);
      }),
      { seed },
    );
  });

  it("[RM16] tells the agent an answer that came when its question had just been withdrawn", () => {
    const given = { choices: [{ labels: ["a"], text: "" }], by: "Ada", at };
    const { run } = replay(
      [
        { at, kind: "prepared", worktree: "/w", base: oid(0) },
        ...steps(1, "implement"),
        { at, kind: "asked", question: { ...asked(newRun, null), id: questionIdFor(1) } },
        { at, kind: "withdrawn", question: questionIdFor(1), reason: "the base moved" },
        { at, kind: "answered", question: questionIdFor(1), answer: given, inbox: 1 },
      ],
      limits,
    );
    expect(run.questions).toMatchObject([{ status: "withdrawn" }]);
    expect(run.handled).toBe(1);
    expect(run.notes).toEqual([expect.stringContaining("Which?\n  Answer: a")]);
  });

  it("[RM15] keeps every word of a person until a step that was told it has come to its end", () => {
    let heard = 0;
    fc.assert(
      fc.property(lives, ({ events, runs }) => {
        const untold = new Set<string>();
        for (const [index, event] of events.entries()) {
          const said = "note" in event ? event.note : event.kind === "noted" ? event.text : "";
          if (said !== "") untold.add(said);
          if (event.kind === "step-finished" || event.kind === "step-asked") {
            const told = activeOf(runs[index]!.state)?.step?.tells.notes.join() ?? "";
            for (const each of untold) if (told.includes(each)) heard += Number(untold.delete(each));
          }
          const { state, notes } = runs[index + 1]!;
          const then = "then" in state ? state.then : activeOf(state);
          const order = then?.status === "running" && "note" in then.work ? then.work.note : "";
          const kept = [order, ...notes, ...(activeOf(state)?.step?.tells.notes ?? [])].join();
          for (const each of untold) expect(kept).toContain(each);
        }
      }),
      { seed, numRuns: 1500 },
    );
    expect(heard).toBeGreaterThan(100);
  });

  it("[RM12] is alive or at rest, and at rest nothing is due but a rework", () => {
    always((_, __, after) => {
      const next = due(after, limits).kind;
      if (!isAlive(after.state)) expect(["nothing", "wait", "rework"]).toContain(next);
    });
  });
});
