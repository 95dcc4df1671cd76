/** The first process ends before it has said a word; a conversation is there only for one that began it. */
export default async function play(agent) {
  if (agent.part === "examination") {
    agent.hold({ role: "implementer", verdict: "approve" }, { role: "peer-reviewer", verdict: "approve" });
  } else if (agent.earlier === 0) {
    process.exitCode = 1;
  } else if (agent.order.mode === "start") {
    agent.commit("work.txt", "done\n");
    agent.finish("Do the work");
  } else {
    agent.print({ type: "lost" });
  }
}
