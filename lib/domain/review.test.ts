import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseObjectId } from "./ids.ts";
import { unanswered } from "./answer-to.ts";
import { conclude } from "./conclude.ts";
import { carriedOf, outcomesOf, unjudged } from "./earlier-findings.ts";
import { openFindings } from "./open-findings.ts";
import { rolesOf, type CouncilPart, type Held, type Report, type Review } from "./review.ts";

const [one, two] = ["1", "2"].map((digit) => parseObjectId(digit.repeat(40))) as [
  Held["headBefore"],
  Held["headBefore"],
];
const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
console.log(`review.test.ts seed ${seed}`);

function report(role: Report["role"], verdict: Report["verdict"], more: Partial<Report> = {}): Report {
  return { role, verdict, summary: "", findings: [], responses: [], earlier: [], ...more };
}
function held(part: CouncilPart, reports: Report[], more: Partial<Held> = {}): Held {
  const retold = reports.map(({ role, verdict }) => ({ role, verdict }));
  return { part, reports, retold, headBefore: one, headAfter: one, attended: [], ...more };
}
const finding = {
  id: "f-1",
  file: "a",
  lines: null,
  severity: "blocker",
  category: "correctness",
  claim: "",
  evidence: "",
} as const;

describe("the conclusion of a council", () => {
  it("[C7] is what both roles say where they agree", () => {
    for (const verdict of ["approve", "changes"] as const) {
      const part = held("examination", [report("implementer", verdict), report("peer-reviewer", verdict)]);
      const kind = verdict === "approve" ? "approved" : "rejected";
      expect(conclude([part])).toEqual({ kind, by: "consensus" });
    }
  });

  it("[C8] takes a dissent to a rebuttal, then to the tech lead", () => {
    const dissent = [report("implementer", "approve"), report("peer-reviewer", "changes")];
    expect(conclude([held("examination", dissent)])).toEqual({ kind: "next", part: "rebuttal" });
    expect(conclude([held("rebuttal", dissent)])).toEqual({ kind: "next", part: "arbitration" });
    expect(conclude([held("arbitration", [report("tech-lead", "changes")])])).toEqual({
      kind: "rejected",
      by: "arbitration",
    });
  });

  it("[C9] is none where a role is missing, contradicts itself or is retold differently", () => {
    const agreed = [report("implementer", "approve"), report("peer-reviewer", "approve")];
    expect(conclude([])).toMatchObject({ kind: "no-verdict" });
    expect(conclude([held("examination", agreed.slice(0, 1))])).toMatchObject({ kind: "no-verdict" });
    expect(conclude([held("examination", [...agreed, report("peer-reviewer", "changes")])])).toMatchObject({
      kind: "no-verdict",
    });
    const retold = [{ role: "peer-reviewer", verdict: "changes" }] as const;
    expect(conclude([held("examination", agreed, { retold })])).toMatchObject({ kind: "no-verdict" });
  });

  it("[C10] is none where anyone but the tech lead moved the branch", () => {
    const agreed = [report("implementer", "approve"), report("peer-reviewer", "approve")];
    expect(conclude([held("examination", agreed, { headAfter: two })])).toMatchObject({ kind: "no-verdict" });
    expect(conclude([held("arbitration", [report("tech-lead", "approve")], { headAfter: two })])).toEqual({
      kind: "approved",
      by: "arbitration",
    });
  });

  it("[C11] is none where an approval leaves a weighty finding standing, whoever raised it in whichever part", () => {
    const raises = (role: Report["role"], verdict: Report["verdict"], more: Partial<Report> = {}) =>
      report(role, verdict, { findings: [finding], ...more });
    const says = (stance: Report["responses"][number]["stance"], ...ids: string[]) => ({
      responses: (ids.length > 0 ? ids : ["f-1"]).map((id) => ({ finding: id, stance, reason: "Seen." })),
    });
    const [author, reviewer] = [report("implementer", "approve"), report("peer-reviewer", "approve")];
    const dissent = held("examination", [author, raises("peer-reviewer", "changes")]);
    const debated = held("rebuttal", [
      report("implementer", "approve", says("dispute")),
      report("peer-reviewer", "changes", says("dispute")),
    ]);
    const rebutted = (more: Partial<Report>) =>
      held("rebuttal", [author, report("peer-reviewer", "approve", more)]);
    const second = { ...finding, id: "f-401" };
    const lead = (more: Partial<Report>, headAfter = two) =>
      held("arbitration", [report("tech-lead", "approve", more)], { headAfter });
    const standing: (readonly Held[])[] = [
      [held("examination", [raises("implementer", "approve"), reviewer])],
      [held("examination", [author, raises("peer-reviewer", "approve")])],
      [held("recheck", [raises("peer-reviewer", "approve")])],
      [dissent, rebutted(says("dispute"))],
      [dissent, rebutted(says("accept"))],
      [
        dissent,
        rebutted({ ...says("withdraw"), findings: [{ ...finding, id: "f-201", severity: "major" }] }),
      ],
      [dissent, debated, lead({ ...says("fixed"), findings: [second] })],
      [dissent, debated, lead(says("accept"))],
      [held("recheck", [raises("peer-reviewer", "changes")]), held("examination", [author, reviewer])],
    ];
    for (const parts of standing) {
      const reason = expect.stringMatching(
        /^it was approved although f-\d+ \((blocker|major)\) still stands$/,
      );
      expect(conclude(parts)).toEqual({ kind: "no-verdict", reason });
    }
    const settled: (readonly Held[])[] = [
      [
        held("examination", [
          author,
          raises("peer-reviewer", "approve", { findings: [{ ...finding, severity: "nit" }] }),
        ]),
      ],
      [dissent, rebutted(says("withdraw"))],
      [dissent, debated, lead(says("overrule"), one)],
      [dissent, debated, lead({ ...says("fixed", "f-1", "f-401"), findings: [second] })],
    ];
    for (const parts of settled) expect(conclude(parts)).toMatchObject({ kind: "approved" });
  });

  it("[C213] is none where two findings of it have one name", () => {
    const nit = { ...finding, severity: "nit" } as const;
    const twice = [
      held("examination", [
        report("implementer", "changes", { findings: [finding] }),
        report("peer-reviewer", "changes", { findings: [nit] }),
      ]),
    ];
    expect(conclude(twice)).toEqual({ kind: "no-verdict", reason: "two findings are called f-1" });
    const again = held("rebuttal", [
      report("implementer", "approve"),
      report("peer-reviewer", "approve", {
        findings: [nit],
        responses: [{ finding: "f-1", stance: "withdraw", reason: "It holds." }],
      }),
    ]);
    const dissent = held("examination", [
      report("implementer", "approve"),
      report("peer-reviewer", "changes", { findings: [finding] }),
    ]);
    expect(conclude([dissent, again])).toMatchObject({ kind: "no-verdict" });
  });

  it("[C12] approves only if every role whose word decides approved, whatever is reported", () => {
    const role = fc.constantFrom<Report["role"]>("implementer", "peer-reviewer", "tech-lead");
    const reports = fc.array(
      fc
        .tuple(role, fc.constantFrom("approve" as const, "changes" as const))
        .map(([who, verdict]) => report(who, verdict)),
      { maxLength: 5 },
    );
    const parts = fc.constantFrom<CouncilPart>("examination", "rebuttal", "arbitration");
    fc.assert(
      fc.property(parts, reports, fc.boolean(), (part, given, moved) => {
        const conclusion = conclude([held(part, given, { headAfter: moved ? two : one })]);
        if (conclusion.kind !== "approved") return;
        for (const each of rolesOf[part]) {
          expect(given.some((own) => own.role === each)).toBe(true);
          expect(given.filter((own) => own.role === each).every((own) => own.verdict === "approve")).toBe(
            true,
          );
        }
        expect(moved && part !== "arbitration").toBe(false);
      }),
      { seed, numRuns: 2000 },
    );
  });
});

describe("open findings", () => {
  it("[C13] are settled by who raised them or by who arbitrates, never by the author", () => {
    const raised = held("examination", [report("peer-reviewer", "changes", { findings: [finding] })]);
    const says = (role: Report["role"], stance: Report["responses"][number]["stance"]) =>
      openFindings([
        raised,
        held("rebuttal", [report(role, "approve", { responses: [{ finding: "f-1", stance, reason: "" }] })]),
      ]);
    expect(says("implementer", "dispute")).toHaveLength(1);
    expect(says("implementer", "withdraw")).toHaveLength(1);
    expect(says("peer-reviewer", "dispute")).toHaveLength(1);
    expect(says("peer-reviewer", "withdraw")).toHaveLength(0);
    expect(says("tech-lead", "overrule")).toHaveLength(0);
    expect(says("tech-lead", "accept")).toHaveLength(1);
  });
});

describe("what binds and what is carried on", () => {
  const dissent = held("examination", [
    report("implementer", "approve"),
    report("peer-reviewer", "changes", { findings: [finding] }),
  ]);
  const lead = (more: Partial<Report>, moved = true) =>
    conclude([
      dissent,
      held("arbitration", [report("tech-lead", "approve", more)], { headAfter: moved ? two : one }),
    ]);
  const answer = (stance: Report["responses"][number]["stance"], reason = "Look at it.") => ({
    responses: [{ finding: "f-1", stance, reason }],
  });
  const carried = [
    { id: "1/f-1", file: "a", lines: null, severity: "major", claim: "Wrong", by: "peer-reviewer" },
    { id: "1/f-2", file: "a", lines: null, severity: "nit", claim: "Ugly", by: "peer-reviewer" },
    { id: "c-1", file: "a", lines: null, severity: null, claim: "Why?", by: "Ada" },
  ] as const;
  const words = (...open: string[]) =>
    carried.map(({ id }) => ({
      finding: id,
      state: open.includes(id) ? ("open" as const) : ("resolved" as const),
      reason: "Seen.",
    }));
  const agreed = (earlier: Report["earlier"]) =>
    held("examination", [report("implementer", "approve"), report("peer-reviewer", "approve", { earlier })]);

  it("[C200] the tech lead answers every open finding with a reason, and what it says fits what it did", () => {
    expect(lead(answer("fixed"))).toEqual({ kind: "approved", by: "arbitration" });
    expect(lead(answer("overrule"), false)).toEqual({ kind: "approved", by: "arbitration" });
    const flaws = [
      [lead({}), "did not answer f-1"],
      [lead(answer("overrule", " ")), "gave no reason for f-1"],
      [lead(answer("fixed"), false), "is fixed and changed nothing"],
      [lead(answer("accept")), "approved although f-1 (blocker) still stands"],
      [lead({ responses: [...answer("fixed").responses, ...answer("overrule").responses] }), "in two ways"],
    ] as const;
    for (const [conclusion, reason] of flaws) {
      expect(conclusion).toEqual({ kind: "no-verdict", reason: expect.stringContaining(reason) });
    }
  });

  it("[C212] a rebuttal owes every open finding one answer of each role, with a reason", () => {
    const rebuttal = (implementer: Report["responses"], reviewer: Report["responses"]) =>
      unanswered(
        [dissent],
        held("rebuttal", [
          report("implementer", "approve", { responses: implementer }),
          report("peer-reviewer", "changes", { responses: reviewer }),
        ]),
      );
    const [dispute, withdraw] = [answer("dispute").responses, answer("withdraw").responses];
    expect(rebuttal(dispute, withdraw)).toBeNull();
    expect(rebuttal([], withdraw)).toBe("the implementer did not answer f-1");
    expect(rebuttal(dispute, answer("dispute", " ").responses)).toBe(
      "the peer-reviewer gave no reason for f-1",
    );
    expect(rebuttal(dispute, [...dispute, ...withdraw])).toBe("the peer-reviewer answered f-1 in two ways");
    expect(unanswered([], held("rebuttal", []))).toBeNull();
    expect(unanswered([dissent], held("recheck", []))).toBeNull();
  });

  it("[C201] is debated as often as the rules say", () => {
    const rebuttal = held("rebuttal", [report("implementer", "approve"), report("peer-reviewer", "changes")]);
    expect(conclude([dissent], { rebuttals: 0 })).toEqual({ kind: "next", part: "arbitration" });
    expect(conclude([dissent, rebuttal], { rebuttals: 2 })).toEqual({ kind: "next", part: "rebuttal" });
    expect(conclude([dissent, rebuttal, rebuttal], { rebuttals: 2 })).toEqual({
      kind: "next",
      part: "arbitration",
    });
  });

  it("[C202] a recheck confirms by the peer reviewer's word, and else the whole council follows", () => {
    const recheck = (verdict: Report["verdict"]) =>
      conclude([held("recheck", [report("peer-reviewer", verdict)])]);
    expect(recheck("approve")).toEqual({ kind: "approved", by: "recheck" });
    expect(recheck("changes")).toEqual({ kind: "next", part: "examination" });
    expect(conclude([held("recheck", [report("implementer", "approve")])])).toMatchObject({
      kind: "no-verdict",
    });
    const found = held("recheck", [report("peer-reviewer", "changes", { findings: [finding] })]);
    const examined = (more: Partial<Report>) =>
      held("examination", [report("implementer", "approve"), report("peer-reviewer", "approve", more)]);
    expect(unanswered([found], examined({}))).toBe("the peer-reviewer did not answer f-1");
    expect(unanswered([found], examined(answer("withdraw")))).toBeNull();
    expect(conclude([found, examined(answer("withdraw"))])).toEqual({ kind: "approved", by: "consensus" });
  });

  it("[C203] compares councils by the reviewers' typed words: resolved, still open, and never by the author's", () => {
    const author = report("implementer", "approve", { earlier: words() });
    const reviewer = report("peer-reviewer", "changes", { earlier: words("1/f-2", "c-1") });
    const parts = [held("examination", [author, reviewer])];
    expect(outcomesOf(carried, parts).map(({ state }) => state)).toEqual(["resolved", "open", "open"]);
    expect(outcomesOf(carried, [held("examination", [author])]).every(({ state }) => state === "open")).toBe(
      true,
    );
    expect(unjudged(carried, [], parts[0]!)).toBeNull();
    const silent = report("peer-reviewer", "approve", { earlier: words().slice(1) });
    expect(unjudged(carried, [], held("examination", [author, silent]))).toBe("1/f-1");
    // Later parts say it again of what is still open, and of nothing else.
    const later = (...ids: string[]) =>
      held("rebuttal", [
        author,
        report("peer-reviewer", "approve", {
          earlier: words().filter(({ finding }) => ids.includes(finding)),
        }),
      ]);
    expect(unjudged(carried, parts, later("1/f-2"))).toBe("c-1");
    expect(unjudged(carried, parts, later("1/f-2", "c-1"))).toBeNull();
  });

  it("[C204] is none where it approves although a weighty finding or a person's comment is still open", () => {
    expect(conclude([agreed(words())], { carried })).toMatchObject({ kind: "approved" });
    expect(conclude([agreed(words("1/f-2"))], { carried })).toMatchObject({ kind: "approved" });
    const open = agreed(words("c-1"));
    const silent = held("rebuttal", [report("implementer", "approve"), report("peer-reviewer", "approve")]);
    expect(conclude([open, silent], { carried })).toMatchObject({ kind: "no-verdict" });
    expect(conclude([open, { ...agreed(words()), part: "rebuttal" }], { carried })).toMatchObject({
      kind: "approved",
    });
    for (const id of ["1/f-1", "c-1"]) {
      expect(conclude([agreed(words(id))], { carried })).toEqual({
        kind: "no-verdict",
        reason: `it was approved although ${id} is still open`,
      });
    }
  });

  it("[C205] carries on what was left open, under the number of its council, and people's comments; also what a council without a verdict found", () => {
    const review = {
      ...{ number: 2, round: 1, verdict: "rejected", by: "consensus", reason: null, base: one, head: two },
      parts: [held("examination", [report("peer-reviewer", "changes", { findings: [finding] })])],
      ...{ uncounted: [], fixes: [], validation: null, limits: null, startedAt: "", endedAt: "", costUsd: 0 },
      earlier: [
        { ...carried[0], state: "open", reason: "" },
        { ...carried[1], state: "resolved", reason: "" },
      ],
    } satisfies Review;
    const comment = {
      id: "c-4",
      file: "b",
      line: 3,
      side: "new",
      text: "Here too",
      by: "Ada",
      at: "",
    } as const;
    expect(carriedOf([review], [comment]).map(({ id, by }) => [id, by])).toEqual([
      ["1/f-1", "peer-reviewer"],
      ["2/f-1", "peer-reviewer"],
      ["c-4", "Ada"],
    ]);
    expect(carriedOf([{ ...review, verdict: "approved" }], [])).toEqual([]);
    const [part] = review.parts;
    const uncounted = { ...part!, reason: "the implementer did not run" };
    const none = { ...review, verdict: "no-verdict", parts: [], uncounted: [uncounted] } as const;
    expect(carriedOf([none], []).map(({ id, by }) => [id, by])).toEqual([
      ["1/f-1", "peer-reviewer"],
      ["2/f-1", "peer-reviewer"],
    ]);
  });
});
