/** The roles disagree to the end; the tech lead says that it fixed it, and changes nothing. */
const finding = {
  id: "f-1",
  file: "work.txt",
  lines: [1, 1],
  severity: "blocker",
  category: "correctness",
  claim: "It is not done well.",
  evidence: "work.txt says so",
};
export default async function play(agent) {
  switch (agent.part) {
    case "examination":
      return agent.hold(
        { role: "implementer", verdict: "approve", summary: "AUTHOR-WORDS" },
        { role: "peer-reviewer", verdict: "changes", findings: [finding] },
      );
    case "rebuttal":
      return agent.hold(
        {
          role: "implementer",
          verdict: "approve",
          responses: [{ finding: "f-1", stance: "dispute", reason: "It is." }],
        },
        {
          role: "peer-reviewer",
          verdict: "changes",
          responses: [{ finding: "f-1", stance: "dispute", reason: "It is not." }],
        },
      );
    case "arbitration":
      return agent.hold({
        role: "tech-lead",
        verdict: "approve",
        responses: [{ finding: "f-1", stance: "fixed", reason: "Now it is." }],
      });
    default:
      agent.commit("work.txt", "done\n");
      return agent.finish("Do the work");
  }
}
