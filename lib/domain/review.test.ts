import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseObjectId } from "./ids.ts";
import { conclude, openFindings, rolesOf, type CouncilPart, type Held, type Report } from "./review.ts";

const [one, two] = ["1", "2"].map((digit) => parseObjectId(digit.repeat(40))) as [
  Held["headBefore"],
  Held["headBefore"],
];
const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
console.log(`review.test.ts seed ${seed}`);

function report(role: Report["role"], verdict: Report["verdict"], more: Partial<Report> = {}): Report {
  return { role, verdict, summary: "", findings: [], responses: [], ...more };
}
function held(part: CouncilPart, reports: Report[], more: Partial<Held> = {}): Held {
  const retold = reports.map(({ role, verdict }) => ({ role, verdict }));
  return { part, reports, retold, headBefore: one, headAfter: one, ...more };
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

  it("[C11] is none where an approval leaves its own blocker open", () => {
    const open = report("tech-lead", "approve", { findings: [finding] });
    expect(conclude([held("arbitration", [open])])).toMatchObject({ kind: "no-verdict" });
    const fixed = { ...open, responses: [{ finding: "f-1", stance: "fixed", reason: "" } as const] };
    expect(conclude([held("arbitration", [fixed])])).toMatchObject({ kind: "approved" });
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
