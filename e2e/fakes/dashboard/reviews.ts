import { sittingView, type SittingView } from "#lib/contract/wire.ts";
import type { Review } from "#lib/domain/review.ts";
import { ago, base, oid } from "./sessions.ts";

const minute = 60_000;

/** A council that disagreed, was arbitrated, and ended well. */
export function disputed(item: string): Review {
  const head = oid(`head ${item}`);
  return {
    number: 2,
    round: 1,
    verdict: "approved",
    by: "arbitration",
    reason: "The timing difference is real and is fixed; the upgrade path is covered by the new test.",
    base,
    head,
    startedAt: ago(14 * minute),
    endedAt: ago(5 * minute),
    costUsd: 1.12,
    uncounted: [
      {
        part: "examination",
        reason: "the peer-reviewer gave no verdict",
        reports: [
          {
            role: "implementer",
            verdict: "approve",
            summary: "Passwords are hashed with argon2id; old hashes are replaced at the next sign-in.",
            findings: [],
            responses: [],
            earlier: [],
          },
        ],
        attended: [
          { role: "implementer", agent: "a0", reported: true },
          { role: "peer-reviewer", agent: "a1", reported: false },
        ],
      },
    ],
    earlier: [
      {
        id: "1/f-1",
        file: "src/auth/hash.ts",
        lines: [4, 5],
        severity: "major",
        claim: "The parameters are bcrypt's, and nothing says why ten rounds are enough.",
        by: "peer-reviewer",
        state: "resolved",
        reason: "`parameters` names the advice that it follows.",
      },
      {
        id: "1/f-2",
        file: "src/auth/limit.ts",
        lines: [8, 8],
        severity: "minor",
        claim: "The limiter counts per process, so two servers allow twice as many attempts.",
        by: "peer-reviewer",
        state: "open",
        reason: "Not touched by this change.",
      },
    ],
    fixes: [{ commit: head, subject: "Answer unknown accounts as slowly as wrong passwords" }],
    validation: {
      passed: true,
      head,
      commands: [
        { name: "types", command: "npx tsc --noEmit", exit: 0, durationMs: 8200 },
        { name: "test", command: "npm test", exit: 0, durationMs: 31_400 },
      ],
    },
    limits: { rebuttals: 1, timeLimitMs: 3_600_000, budgetUsd: 3 },
    parts: [
      {
        part: "examination",
        headBefore: oid("earlier"),
        headAfter: oid("earlier"),
        retold: null,
        attended: [
          { role: "implementer", agent: "a2", reported: true },
          { role: "peer-reviewer", agent: "a3", reported: true },
        ],
        reports: [
          {
            role: "implementer",
            verdict: "approve",
            summary:
              "Passwords are hashed with **argon2id** (19 MiB, t=2, p=1, as OWASP advises). Old bcrypt hashes are verified and rehashed at the next sign-in.\n\n- `src/auth/hash.ts` holds both algorithms\n- 14 new tests, all green",
            findings: [],
            responses: [],
            earlier: [],
          },
          {
            role: "peer-reviewer",
            verdict: "changes",
            summary: "Sound choice and good tests, but two things must not ship as they are.",
            findings: [
              {
                id: "f-1",
                file: "src/auth/sign-in.ts",
                lines: [41, 58],
                severity: "blocker",
                category: "security",
                claim: "An unknown account answers about 80 ms sooner than a wrong password.",
                evidence:
                  "`hyperfine` over 200 requests: 4.1 ms ± 0.3 against 84.9 ms ± 2.2. No dummy hash is computed when `findAccount` gives null.",
              },
              {
                id: "f-2",
                file: "src/auth/hash.ts",
                lines: [12, 12],
                severity: "major",
                category: "correctness",
                claim:
                  "`needsRehash` is true for every hash made before the last parameter change, also for argon2id ones of the same strength.",
                evidence: "It compares the encoded prefix as text, `m=19456,t=2` against `t=2,m=19456`.",
              },
              {
                id: "f-3",
                file: "src/auth/hash.test.ts",
                lines: null,
                severity: "nit",
                category: "tests",
                claim: "The test names repeat the function's name.",
                evidence: "",
              },
            ],
            responses: [],
            earlier: [],
          },
        ],
      },
      {
        part: "rebuttal",
        headBefore: oid("earlier"),
        headAfter: oid("earlier"),
        retold: null,
        attended: [
          { role: "implementer", agent: "a2", reported: true },
          { role: "peer-reviewer", agent: "a3", reported: true },
        ],
        reports: [
          {
            role: "implementer",
            verdict: "approve",
            summary: "The first finding is out of this item's scope; the second is right.",
            findings: [],
            responses: [
              {
                finding: "f-1",
                stance: "dispute",
                reason:
                  "`bd-auth.3` adds a constant-time answer for all failures. Doing it twice would conflict.",
              },
              { finding: "f-2", stance: "accept", reason: "Parsed parameters must be compared, not text." },
            ],
            earlier: [],
          },
          {
            role: "peer-reviewer",
            verdict: "changes",
            summary:
              "Between this merge and `bd-auth.3` accounts could be enumerated in production. I stay with it.",
            findings: [],
            responses: [{ finding: "f-3", stance: "withdraw", reason: "A matter of taste." }],
            earlier: [],
          },
        ],
      },
      {
        part: "arbitration",
        headBefore: oid("earlier"),
        headAfter: head,
        retold: null,
        attended: [],
        reports: [
          {
            role: "tech-lead",
            verdict: "approve",
            summary:
              "Enumeration is not left open for a later item. I fixed both in one commit with a test that measures, and the rest stands.",
            findings: [],
            responses: [
              {
                finding: "f-1",
                stance: "fixed",
                reason:
                  "A fixed dummy hash is verified when there is no account; the test compares medians of 50 runs.",
              },
              { finding: "f-2", stance: "fixed", reason: "`needsRehash` compares parsed parameters." },
            ],
            earlier: [],
          },
        ],
      },
    ],
  };
}

/** A council in its rebuttal, after an examination that counted only the second time. */
export function sitting(item: string): SittingView {
  const { number, base: from, head, parts, uncounted, earlier } = disputed(item);
  return sittingView.parse({
    number,
    part: "rebuttal",
    flaw: null,
    parts: parts.slice(0, 1),
    uncounted,
    carried: earlier,
    base: from,
    head,
    startedAt: ago(14 * minute),
    limitsFrom: { at: ago(14 * minute), costUsd: 3.6 },
  });
}

export function agreed(item: string): Review {
  const head = oid(`head ${item}`);
  return {
    number: 1,
    round: 0,
    verdict: "approved",
    by: "consensus",
    reason: null,
    base,
    head,
    startedAt: ago(22 * minute),
    endedAt: ago(18 * minute),
    costUsd: 0.4,
    uncounted: [],
    earlier: [],
    fixes: [],
    validation: null,
    limits: null,
    parts: [
      {
        part: "examination",
        headBefore: head,
        headAfter: head,
        retold: null,
        attended: [],
        reports: [
          {
            role: "implementer",
            verdict: "approve",
            summary: "Small and complete.",
            findings: [],
            responses: [],
            earlier: [],
          },
          {
            role: "peer-reviewer",
            verdict: "approve",
            summary: "Reads well; the test fails without the change.",
            findings: [],
            responses: [],
            earlier: [],
          },
        ],
      },
    ],
  };
}
