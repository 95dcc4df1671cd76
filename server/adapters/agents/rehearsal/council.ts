import { randomBytes } from "node:crypto";
import type { CouncilPart, Report, Role } from "#lib/domain/review.ts";
import { commit, git, runGit } from "./hands.ts";
import { opinionOf } from "./opinion.ts";
import { readChange } from "./read-change.ts";
import { earlierIds, readOrder, type Order } from "./read-order.ts";
import { fill, type Scene } from "./scene.ts";
import type { Voice } from "./stream.ts";
import { noteFindings, perform } from "./work.ts";

const roles: readonly Role[] = ["implementer", "peer-reviewer", "tech-lead"];

/** The lead's part of a council: it calls each role once and hands in what they said. */
export async function holdCouncil(scene: Scene, order: Order): Promise<void> {
  const { stream, conversation, command } = scene;
  conversation.deferred = null;
  const called = roles.filter((role) => command.subagents.includes(role));
  const part = called.includes("tech-lead") ? "arbitration" : order.part;
  if (part === "examination" && !order.again) conversation.examinations += 1;
  scene.keep();
  stream.say(`The council meets: ${called.join(" and ")}.`);
  await scene.pause();
  const calls = called.map((role) => {
    const input = {
      subagent_type: role,
      description: `Council: ${part}`,
      prompt: "Do your part of the review.",
    };
    return { role, id: stream.call("Agent", input), input };
  });
  const verdicts = await Promise.all(calls.map((call) => speak(scene, { ...call, part })));
  const held = verdicts.filter((each) => each !== null);
  await scene.pause();
  if (command.schema && held.length > 0) {
    const structured = { roles: held };
    const id = stream.call("StructuredOutput", structured);
    stream.answer(id, "Structured output provided successfully");
    stream.finish("", structured);
  } else {
    stream.finish(held.map(({ role, verdict }) => `${role}: ${verdict}`).join("\n"));
  }
}

interface RoleCall {
  readonly role: Role;
  readonly id: string;
  readonly input: { readonly [name: string]: string; readonly description: string };
  readonly part: CouncilPart;
}

/** One subagent from its call to its hand-back; null where it gave no verdict. */
async function speak(
  lead: Scene,
  { role, id, input, part }: RoleCall,
): Promise<Pick<Report, "role" | "verdict"> | null> {
  const { stream, hooks } = lead;
  const permission = await hooks.beforeTool({ id, name: "Agent", input });
  if (permission.decision !== "allow") {
    stream.answer(id, permission.decision === "deny" ? permission.reason : "", { failed: true });
    return null;
  }
  const prompt = typeof permission.input.prompt === "string" ? permission.input.prompt : "";
  const { description } = input;
  const voice: Voice = { parent: id, agent: `a${randomBytes(8).toString("hex")}`, type: role, description };
  const task = { task_id: voice.agent, tool_use_id: id, description };
  stream.note("task_started", { ...task, subagent_type: role, task_type: "local_agent", prompt });
  const report = await examineAs({ ...lead, voice }, role, part, prompt);
  const isMute = lead.script.review === "no-verdict" && role === "peer-reviewer" && part === "examination";
  const message = isMute ? "It reads well, I would say." : JSON.stringify(report);
  await handIn({ ...lead, voice }, voice, message);
  stream.note("task_notification", { ...task, status: "completed", output_file: "", summary: message });
  stream.answer(id, `[Subagent hand-back]\n${message}`, {
    more: {
      tool_use_result: {
        status: "completed",
        agentId: voice.agent,
        agentType: role,
        harnessNoteCount: 0,
        content: [{ type: "text", text: message }],
      },
    },
  });
  return isMute ? null : { role, verdict: report.verdict };
}

/** Says the last message, and once more where the hook wants another. */
async function handIn({ stream, hooks }: Scene, voice: Voice, message: string): Promise<void> {
  for (const again of [false, true]) {
    stream.say(message, voice);
    const more = await hooks.afterSubagent({ id: voice.agent, type: voice.type, message, again });
    if (more === null) return;
  }
}

async function examineAs(scene: Scene, role: Role, part: CouncilPart, prompt: string): Promise<Report> {
  const { script, conversation } = scene;
  const { range, findings } = readOrder(prompt);
  await scene.pause();
  scene.stream.say(
    role === "implementer" ? "I go through the change once more." : "I read the change line by line.",
    scene.voice,
  );
  const between = range ? [`${range.base}...${range.head}`] : await lastCommit(scene);
  await git(scene, "diff", "--stat", ...between);
  const change = readChange(await git(scene, "diff", "--no-ext-diff", "--no-textconv", ...between));
  if (role === "tech-lead" && script.review !== "overrule") await settle(scene, findings);
  return opinionOf(role, {
    part,
    round: conversation.examinations,
    script: { review: script.review, claim: script.claim === null ? null : fill(conversation, script.claim) },
    change,
    asked: findings.filter(({ id }) => id.startsWith("f-")).map(({ id }) => id),
    earlier: earlierIds(prompt),
  });
}

/** The tech lead's fix is the script's `rework`, or a note. */
async function settle(scene: Scene, findings: Order["findings"]): Promise<void> {
  const { conversation, script } = scene;
  for (const act of script.acts.rework) await perform(scene, act);
  if (script.acts.rework.length === 0) await noteFindings(scene, findings);
  if (conversation.pending.length > 0) await commit(scene, "Settle what the review found");
}

async function lastCommit(scene: Scene): Promise<string[]> {
  const hasParent = await runGit(scene, ["rev-parse", "--quiet", "--verify", "HEAD~1"]).then(
    () => true,
    () => false,
  );
  return hasParent ? ["HEAD~1", "HEAD"] : ["HEAD"];
}
