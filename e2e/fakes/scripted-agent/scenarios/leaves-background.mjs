/** Comes to its result while something that it began in the background is still at work. */
export default async function play(agent) {
  if (agent.part === "examination") {
    return agent.hold(
      { role: "implementer", verdict: "approve" },
      { role: "peer-reviewer", verdict: "approve" },
    );
  }
  agent.commit("work.txt", "done\n");
  agent.background("build the docs");
  agent.finish("Do the work");
}
