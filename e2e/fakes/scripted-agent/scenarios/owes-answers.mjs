/** In the rebuttal the implementer leaves out the second finding, however often it is asked. */
const findings = [1, 2].map((number) => ({
  id: `f-${number}`,
  file: "work.txt",
  lines: [1, 1],
  severity: "major",
  category: "correctness",
  claim: `Point ${number} is wrong.`,
  evidence: "work.txt says so",
}));
const answers = (...ids) => ids.map((finding) => ({ finding, stance: "dispute", reason: "Look again." }));

export default async function play(agent) {
  switch (agent.part) {
    case "examination":
      return agent.hold(
        { role: "implementer", verdict: "approve" },
        { role: "peer-reviewer", verdict: "changes", findings },
      );
    case "rebuttal":
      return agent.hold(
        { role: "implementer", verdict: "approve", responses: answers("f-1") },
        { role: "peer-reviewer", verdict: "changes", responses: answers("f-1", "f-2") },
      );
    default:
      agent.commit("work.txt", "done\n");
      return agent.finish("Do the work");
  }
}
