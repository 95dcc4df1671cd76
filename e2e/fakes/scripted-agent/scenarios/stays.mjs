/** Does its work, says so, and does not leave. */
export default async function play(agent) {
  if (agent.part === "examination") {
    return agent.hold(
      { role: "implementer", verdict: "approve" },
      { role: "peer-reviewer", verdict: "approve" },
    );
  }
  agent.commit("work.txt", "done\n");
  agent.finish("Do the work");
  await agent.forever();
}
