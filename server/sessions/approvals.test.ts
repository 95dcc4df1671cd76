import fc from "fast-check";
import { expect, it } from "vitest";
import { limits, progress, surprise } from "#e2e/fixtures/run-lives.ts";
import { conclude } from "#lib/domain/conclude.ts";
import type { ObjectId } from "#lib/domain/ids.ts";
import { newRun, type Run } from "#lib/domain/run-state.ts";
import { transition } from "#lib/domain/run.ts";
import { queued } from "#lib/domain/session.ts";
import { ProblemError } from "../application.ts";
import { foldEvents, returnedToRun } from "./fold-events.ts";
import { overruleOf } from "./overrule-of.ts";
import type { SessionRow } from "./ports.ts";
import { moved } from "./session-row.ts";

const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
console.log(`approvals.test.ts seed ${seed}`);
const at = "2026-01-01T00:00:00.000Z";
const oid = (n: number) => String(n % 10).repeat(40) as ObjectId;

/** A session as it is kept, before anything has happened. */
const begun = {
  id: "s",
  item: "i",
  repository: "r",
  state: queued,
  open: true,
  spec: null,
  seq: 0,
  inbox: 0,
  view: { evidence: {}, comments: 0, overruled: null },
} as unknown as SessionRow;

/** What a person, a sibling or the merge lane may do to a session at any moment. */
const outside = ["outdated", "refreshed", "merge-started", "merge-returned"] as const;

it("[S204] no sequence of events yields approved without a verdict, or an audited overrule bound to the present head", () => {
  const met = { council: 0, person: 0, refused: 0 };
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat({ max: 11 }), fc.nat({ max: 10_000 })), {
        minLength: 1,
        maxLength: 140,
        size: "max",
      }),
      (moves) => {
        let run: Run = newRun;
        let row = begun;
        let seq = 0;
        const audited = new Set<string>();
        for (const [what, dice] of moves) {
          const before = row;
          if (what >= 10) {
            const verdict = dice % 3 === 0 ? "reject" : "approve";
            const tip = dice % 5 === 0 ? oid(dice) : run.head;
            try {
              const event = overruleOf(row, run, { verdict, reason: "r", by: "Ada", at, seen: null, tip });
              row = moved(row, event, at) ?? row;
              audited.add(`${event.overrule.verdict} ${event.overrule.head}`);
            } catch (error) {
              expect(error).toBeInstanceOf(ProblemError);
              met.refused += 1;
            }
          } else if (what === 9) {
            const kind = outside[dice % outside.length] ?? "refreshed";
            const next = moved(row, kind === "outdated" ? { kind, why: "w" } : { kind }, at);
            if (next) row = kind === "merge-returned" ? returnedToRun(next, run, at) : next;
          } else {
            const event = what === 0 ? surprise(run, dice, seq + 1) : progress(run, dice)[0];
            if (!event || "rejected" in transition(run, event, limits)) continue;
            const folded = foldEvents({ row, run, known: [] }, [{ seq: ++seq, event }], limits);
            ({ row, run } = folded);
          }
          if (row.state.status !== "approved" && row.state.status !== "merging") continue;
          const { base, head, overrule } = row.state;
          if (overrule) {
            expect(overrule.head).toBe(head);
            expect(audited.has(`approved ${head}`)).toBe(true);
            // A landing that comes back gives back what it took; whoever lands it again checks the branch's tip.
            if (before.state.status === "merging") expect(row.state).toMatchObject({ overrule, head });
            else if (before.state.status !== row.state.status) expect(run.head).toBe(head);
            met.person += 1;
          } else {
            // What is landing stays what was approved when its landing began, whatever the run comes to meanwhile.
            const counts = run.reviews.filter((each) => each.verdict === "approved");
            const review =
              row.state.status === "merging"
                ? counts.find((each) => each.base === base && each.head === head)
                : counts.at(-1);
            expect(review).toMatchObject({ base, head });
            const { kind } = conclude(review?.parts ?? []);
            expect(kind).toBe("approved");
            met.council += 1;
          }
        }
      },
    ),
    { seed, numRuns: 3000 },
  );
  // By chance all of it is met, so that the property says something.
  for (const [what, count] of Object.entries(met)) expect(count, what).toBeGreaterThan(0);
});
