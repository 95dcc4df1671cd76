/** The first council sits without end; the next one agrees. */
export default async function play(agent) {
  if (agent.part !== "examination") {
    agent.commit("work.txt", "done\n");
    return agent.finish("Do the work");
  }
  if (agent.earlier === 0) return agent.forever();
  agent.hold({ role: "implementer", verdict: "approve" }, { role: "peer-reviewer", verdict: "approve" });
}
