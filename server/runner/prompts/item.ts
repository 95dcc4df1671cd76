import type { Spec } from "#lib/contract/files.ts";

/** The work item as agent and reviewers read it. */
export function itemText({ item }: Spec): string {
  const sections = [
    ["Description", item.description],
    ["Design", item.design],
    ["Acceptance criteria", item.acceptance],
    ["Notes", item.notes],
  ] as const;
  const facts = [`Type: ${item.type}`, `Priority: ${item.priority}`];
  if (item.labels.length > 0) facts.push(`Labels: ${item.labels.join(", ")}`);
  return [
    `# ${item.id}: ${item.title}`,
    facts.join("\n"),
    ...sections.filter(([, text]) => text.trim() !== "").map(([name, text]) => `## ${name}\n${text.trim()}`),
  ].join("\n\n");
}

/** What holds for every step of work, whatever it is for. */
export function rulesText(spec: Spec): string {
  return `## Rules
- You are in a git worktree of your own, on branch \`${spec.branch}\`. Work only here, never in another checkout, and neither merge nor push nor switch branches.
- Commit your work on this branch in sensible steps. What is not committed does not count.
- Nobody watches this conversation. When only a person can decide something, call the tool \`ask_question\` (from the server \`amplify\`), alone and with concrete options; the answer comes as its result. Do not ask in plain text.
- Do not close, claim or edit the work item, and leave \`.beads/\` alone: the item is closed when the work has landed.
- Your last message sums the work up: its first line is one plain line of at most 72 characters in the imperative, like a commit's subject; then what you did and why, and what you could not do.`;
}
