import { fillSchema } from "./fill-schema.ts";
import type { Script } from "./messages-api.ts";
import type { Reply } from "./reply.ts";
import { call, calls, refuse, say } from "./reply.ts";
import type { ToolCall, Turn } from "./turn.ts";

const roles = ["implementer", "peer-reviewer", "tech-lead"] as const;
type Role = (typeof roles)[number];

/** What a role says each time it is called; `mute` is a last message without a report. */
export type Saying = "approve" | "changes" | "mute";

export interface Question {
  readonly text: string;
  readonly header: string;
  readonly options: readonly { readonly label: string; readonly description: string }[];
  readonly multiple: boolean;
}

/** How a whole session goes, from the first order to the last verdict. All of it is plain JSON. */
export interface Story {
  /** Asked once, before any work, in one card; null asks nothing. */
  readonly question: Question | readonly Question[] | null;
  /** Asked once by the lead of the council, before it calls anybody. */
  readonly councilQuestion?: Question | readonly Question[];
  /** Roles that the lead leaves out, and retells all the same. */
  readonly skips?: readonly Role[];
  /** What the lead runs in a shell in the place of calling anybody. */
  readonly forging?: string;
  readonly change: "commit" | "leave-uncommitted" | "none";
  /** Replaces the shell command that makes the change; `$ANSWER` and `$ORDER` are set. */
  readonly command: string | null;
  /** The n-th call of a role in a conversation gets the n-th saying; the last one repeats. */
  readonly sayings: Readonly<Record<Role, readonly Saying[]>>;
  readonly techLeadFixes: boolean;
  /** What the lead hands in: the roles' own verdicts, nothing at all, or the opposite. */
  readonly retelling: "true" | "missing" | "false";
  /** The service fails this often, from the given phase on, before it works. */
  readonly failure: {
    readonly phase: "work" | "council";
    readonly status: number;
    readonly type: string;
    readonly message: string;
    readonly times: number;
  } | null;
}

export const whichColour: Question = {
  text: "Which colour should the banner have?",
  header: "Colour",
  options: [
    { label: "Red", description: "Loud" },
    { label: "Blue", description: "Calm" },
  ],
  multiple: false,
};

/** One question, one commit, a council that agrees. */
export const goodDay: Story = {
  question: whichColour,
  change: "commit",
  command: null,
  sayings: { implementer: ["approve"], "peer-reviewer": ["approve"], "tech-lead": ["approve"] },
  techLeadFixes: false,
  retelling: "true",
  failure: null,
};

/** The peer reviewer dissents twice; the tech lead fixes what it found and approves. */
export const disagreement: Story = {
  ...goodDay,
  sayings: { ...goodDay.sayings, "peer-reviewer": ["changes"] },
  techLeadFixes: true,
};

/** The reviewer dissents to the end, and the tech lead decides for it; the next round satisfies it. */
export const leadRejects: Story = {
  ...goodDay,
  sayings: {
    ...goodDay.sayings,
    "peer-reviewer": ["changes", "changes", "approve"],
    "tech-lead": ["changes"],
  },
};

/** The council wants changes as often as it is asked. */
export const neverGood: Story = {
  ...goodDay,
  sayings: { ...goodDay.sayings, implementer: ["changes"], "peer-reviewer": ["changes"] },
};

/** The council wants changes once, and the next round satisfies it. */
export const oneRework: Story = {
  ...goodDay,
  sayings: {
    ...goodDay.sayings,
    implementer: ["changes", "approve"],
    "peer-reviewer": ["changes", "approve"],
  },
};

/** Tells a role of the council from the lead: only its system prompt names it. */
export function roleOf(turn: Turn): Role | null {
  const named = /\byou are the (implementer|peer-reviewer|tech-lead)\b/i.exec(turn.system)?.[1];
  return roles.find((role) => role === named?.toLowerCase()) ?? null;
}

/** A model that plays to each item the story under its title. */
export function tellByTitle(stories: Readonly<Record<string, Story>>): Script {
  const told = Object.entries(stories).map(([title, story]) => [title, tell(story)] as const);
  return (turn, before) => {
    const found = told.find(([title]) => turn.raw.includes(title));
    if (!found) throw new Error("No story has this title.");
    return found[1](turn, before);
  };
}

/** A model that plays `story` in every conversation. */
export function tell(story: Story): Script {
  return (turn, before) => {
    const role = roleOf(turn);
    const phase = role || turn.tools.has("StructuredOutput") ? "council" : "work";
    const { failure } = story;
    if (failure?.phase === phase && failuresSoFar(before, phase) < failure.times) {
      return refuse(failure.status, failure.type, failure.message);
    }
    if (role)
      return playRole(story, turn, role, callsOf(role, turn, before) - (turn.history.length > 0 ? 1 : 0));
    return phase === "council" ? playLead(story, turn, before) : playWork(story, turn);
  };
}

function failuresSoFar(before: readonly Turn[], phase: "work" | "council"): number {
  return before.filter(
    (turn) => (roleOf(turn) || turn.tools.has("StructuredOutput") ? "council" : "work") === phase,
  ).length;
}

function playWork(story: Story, turn: Turn): Reply {
  const asks = turn.history.filter(({ name }) => name === "mcp__amplify__ask_question");
  if (story.question && asks.length === 0) return ask(story.question);
  const done = turn.calls.some(({ name }) => name === "Bash");
  if (done || story.change === "none") return say("Done: the work of this order is finished.");
  // An answer may come as the result of the call, or in words in a later order.
  const heard = [...asks.map((ask) => ask.result?.text ?? ""), turn.prompt].join("\n");
  const option = [story.question ?? []]
    .flat()
    .flatMap(({ options }) => options)
    .find(({ label }) => new RegExp(`\\b${label}\\b`).test(heard));
  return call("Bash", {
    command: `ANSWER=${quote(option?.label ?? "none")}; ORDER=${String(turn.orders)}\n${story.command ?? changeOf(story)}`,
    description: "Do the work",
  });
}

function ask(questions: Question | readonly Question[]): Reply {
  return call("mcp__amplify__ask_question", {
    prompts: [questions].flat(),
    context: "The item does not say it, and it cannot be changed cheaply later.",
  });
}

function changeOf({ change }: Story): string {
  const write = [
    'ITEM=$(basename "$PWD")',
    // A merge that was left open is settled in favour of the branch.
    "if git rev-parse -q --verify MERGE_HEAD > /dev/null; then git checkout --ours -- . ; git add -A; git -c user.name=Agent -c user.email=agent@example.com commit -q --no-edit; fi",
    "mkdir -p notes",
    'echo "order $ORDER: $ANSWER" >> "notes/$ITEM.md"',
  ];
  const commit = [
    'git add "notes/$ITEM.md"',
    'git -c user.name=Agent -c user.email=agent@example.com commit -q -m "$ITEM: note $ANSWER for order $ORDER"',
  ];
  return [...write, ...(change === "commit" ? commit : [])].join("\n");
}

function playLead(story: Story, turn: Turn, before: readonly Turn[]): Reply {
  const asks = turn.history.some(({ name }) => name === "mcp__amplify__ask_question");
  if (story.councilQuestion && !asks) return ask(story.councilQuestion);
  if (story.forging !== undefined) return forge(turn, story.forging);
  const called = turn.calls.filter(isSubagentCall);
  if (called.length === 0) {
    const tool = turn.tools.has("Agent") ? "Agent" : "Task";
    return calls(
      rolesCalled(story, turn).map((role) => ({
        name: tool,
        input: { subagent_type: role, description: `Ask the ${role}`, prompt: "Do your part of the review." },
      })),
    );
  }
  const handedIn = turn.calls.some(
    ({ name, result }) => name === "StructuredOutput" && result && !result.failed,
  );
  if (handedIn || story.retelling === "missing") return say("The council is over.");
  const verdicts = called
    .filter(({ result }) => result && !result.failed)
    .map(({ input }) => roles.find((role) => role === input.subagent_type))
    .filter((role) => role !== undefined)
    .concat(story.skips ?? [])
    .map((role) => ({ role, verdict: retold(story, role, callsOf(role, turn, before) - 1) }));
  const schema = turn.tools.get("StructuredOutput") ?? {};
  return call("StructuredOutput", fillSchema(schema, verdicts) as Record<string, unknown>);
}

function rolesCalled({ skips = [] }: Story, turn: Turn): Role[] {
  return rolesWanted(turn).filter((role) => !skips.includes(role));
}

/** It makes up what the roles would have said, and retells it. */
function forge(turn: Turn, command: string): Reply {
  const done = turn.calls.map(({ name }) => name);
  if (!done.includes("Bash")) return call("Bash", { command, description: "Write the reports" });
  if (done.includes("StructuredOutput")) return say("The council is over.");
  return call("StructuredOutput", { roles: rolesWanted(turn).map((role) => ({ role, verdict: "approve" })) });
}

function isSubagentCall({ name }: ToolCall): boolean {
  return name === "Agent" || name === "Task";
}

/** The roles of this part: those that its schema names, else its order, else the announced ones. */
function rolesWanted(turn: Turn): Role[] {
  const announced = turn.said.findLast((text) => roles.some((role) => text.includes(`\n- ${role}:`))) ?? "";
  const sources = [JSON.stringify(turn.tools.get("StructuredOutput")), turn.prompt, announced];
  const counts = sources.map((text) => roles.filter((role) => text.includes(role)));
  return counts.find(({ length }) => length > 0 && length < roles.length) ?? ["implementer", "peer-reviewer"];
}

function retold(story: Story, role: Role, nth: number): string {
  const saying = sayingOf(story, role, nth);
  if (story.retelling !== "false") return saying === "mute" ? "changes" : saying;
  return saying === "approve" ? "changes" : "approve";
}

function sayingOf(story: Story, role: Role, nth: number): Saying {
  const sayings = story.sayings[role];
  return sayings[Math.max(nth, 0)] ?? sayings.at(-1) ?? "approve";
}

/** How often the role was called before, in this conversation. */
function callsOf(role: Role, { conversation }: Turn, before: readonly Turn[]): number {
  return before.filter(
    (turn) => turn.conversation === conversation && turn.history.length === 0 && roleOf(turn) === role,
  ).length;
}

function playRole(story: Story, turn: Turn, role: Role, nth: number): Reply {
  const saying = sayingOf(story, role, nth);
  if (turn.history.length === 0) {
    const fixes = role === "tech-lead" && story.techLeadFixes;
    return call("Bash", {
      command: fixes
        ? 'mkdir -p notes && echo "fixed by the tech lead" >> notes/fix.md && git add notes/fix.md && git -c user.name=Agent -c user.email=agent@example.com commit -q -m "Fix what the review found"'
        : "git log --oneline -5",
      description: fixes ? "Fix and commit" : "Look at the change",
    });
  }
  if (saying === "mute") return say("I looked at it and have no opinion to give.");
  const asked = findingsAskedAbout(turn);
  const finding = {
    id: firstFinding(turn),
    file: "notes",
    lines: null,
    severity: "major",
    category: "correctness",
    claim: "The note does not say why.",
    evidence: "git show HEAD",
  };
  const report = {
    role,
    verdict: saying,
    summary: saying === "approve" ? "It does what the item asks for." : "It is not finished.",
    // Who was asked about findings has said what is wrong by what it answers.
    findings: saying === "changes" && asked.length === 0 ? [finding] : [],
    responses: asked.map((id) => ({ finding: id, ...answerOf(story, role, saying) })),
    earlier: earlierAskedAbout(turn).map((id) => ({
      finding: id,
      state: saying === "approve" ? "resolved" : "open",
      reason: "The last commit says it.",
    })),
  };
  return say(`Here is my report.\n\n\`\`\`json\n${JSON.stringify(report, null, 2)}\n\`\`\``);
}

/** The findings that the order lists for an answer. */
function findingsAskedAbout({ prompt }: Turn): string[] {
  return [...prompt.matchAll(/^- \*\*(f-\d+)\*\*/gm)].map(([, id = ""]) => id);
}

/** Earlier findings and people's comments that the order wants judged. */
function earlierAskedAbout({ prompt }: Turn): string[] {
  return [...prompt.matchAll(/^- \*\*(\d+\/f-\d+|c-\d+)\*\*/gm)].map(([, id = ""]) => id);
}

/** From where on the order lets a role number its own. */
function firstFinding({ prompt }: Turn): string {
  return /Number your own findings from (f-\d+) on/.exec(prompt)?.[1] ?? "f-1";
}

function answerOf(story: Story, role: Role, saying: Saying): { stance: string; reason: string } {
  const agrees = saying === "approve";
  if (role === "tech-lead" && story.techLeadFixes)
    return { stance: "fixed", reason: "Added the reason myself." };
  const [approving, wanting] = {
    implementer: ["dispute", "accept"],
    "peer-reviewer": ["withdraw", "dispute"],
    "tech-lead": ["overrule", "accept"],
  }[role] as [string, string];
  return { stance: agrees ? approving : wanting, reason: "The commit's message says it." };
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
