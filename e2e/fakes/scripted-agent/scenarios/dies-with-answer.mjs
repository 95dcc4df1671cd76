/** Is handed the answer, and dies before it has done anything with it; it goes on only where it is told once more. */
export default async function play(agent) {
  if (agent.part === "examination") {
    agent.hold({ role: "implementer", verdict: "approve" }, { role: "peer-reviewer", verdict: "approve" });
  } else if (agent.order.mode === "answer") {
    agent.say("The answer came.");
    process.kill(process.pid, "SIGKILL");
    await agent.forever();
  } else if (agent.earlier === 0) {
    agent.ask("Which colour?", "red", "blue");
  } else {
    const colour = /Answer by Ada: (\w+)/.exec(agent.order.prompt)?.[1];
    if (colour) agent.commit("colour.txt", `${colour}\n`);
    agent.finish(`Paint it ${colour}`);
  }
}
