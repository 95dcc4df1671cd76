/** Commits, asks, and knows nothing of its conversation when it is gone on with; a new one finishes the work. */
export default async function play(agent) {
  if (agent.part === "examination") {
    return agent.hold(
      { role: "implementer", verdict: "approve" },
      { role: "peer-reviewer", verdict: "approve" },
    );
  }
  if (agent.earlier === 0) {
    agent.commit("first.txt", "1\n");
    agent.write("half.txt", "half\n");
    return agent.ask("Which colour?", "red", "blue");
  }
  if (agent.order.mode !== "start") return agent.print({ type: "lost" });
  agent.commit("half.txt", "whole\n");
  agent.finish("Do the work");
}
