import { ask, repeat } from "./ask.ts";
import type { Act, Section } from "./directives.ts";
import { fail, speaksNoStream } from "./fail.ts";
import { commit, edit, git, read, runGit, write } from "./hands.ts";
import { resolveMerge } from "./resolve-merge.ts";
import { fill, headingOf, type Scene } from "./scene.ts";

/** A step of work on the item, from its prompt or the answered question to the last message. */
export async function work(scene: Scene): Promise<void> {
  const { order, stream } = scene;
  let more = "";
  if (!order) await repeat(scene);
  switch (order?.work) {
    case "tidy":
      more = await tidy(scene);
      break;
    case "merge-base":
      more = await resolveMerge(scene);
      break;
    default:
      begin(scene);
      more = await play(scene);
  }
  await scene.pause();
  stream.finish(lastMessage(scene, more));
}

/** An order for repair or rework starts that section; every other one goes on where the last process stopped. */
function begin({ order, conversation }: Scene): void {
  if (!order) return;
  // A new order takes the place of the call that waited.
  conversation.deferred = null;
  if (order.work !== "repair" && order.work !== "rework") return;
  conversation.section = order.work;
  conversation.done = 0;
}

async function play(scene: Scene): Promise<string> {
  const { conversation, script, stream } = scene;
  const { section } = conversation;
  const acts = script.acts[section];
  if (conversation.done === 0 && !speaksNoStream(scene))
    stream.say(openingOf(section, conversation.item.title));
  while (conversation.done < acts.length) {
    const act = acts[conversation.done];
    if (act) await perform(scene, act);
    conversation.done += 1;
    scene.keep();
  }
  const more = changes(acts) ? "" : await playByDefault(scene, section);
  if (conversation.pending.length > 0) await commit(scene, headingOf(conversation));
  return more;
}

function openingOf(section: Section, title: string): string {
  switch (section) {
    case "work":
      return `I begin with "${title}" and look at the repository first.`;
    case "repair":
      return "The validation is red. I look for the cause.";
    case "rework":
      return "I go through what the review asks for.";
  }
}

/** Does one thing, as the lead or, where the scene has a voice, as a subagent. */
export async function perform(scene: Scene, act: Act): Promise<void> {
  const { conversation } = scene;
  const filled = (text: string) => fill(conversation, text);
  switch (act.kind) {
    case "say":
      await scene.pause();
      scene.stream.say(filled(act.text), scene.voice);
      return;
    case "ask":
      return ask(scene, act);
    case "write":
      return write(scene, filled(act.path), filled(act.text));
    case "edit":
      return edit(scene, filled(act.path), filled(act.from), filled(act.to));
    case "commit":
      return commit(scene, filled(act.message));
    case "leave-uncommitted": {
      const path = filled(act.path);
      await write(scene, path, filled(act.text));
      conversation.pending = conversation.pending.filter((each) => each !== path);
      scene.keep();
      return;
    }
    case "conflict": {
      const [, ...rest] = (read(scene, act.path) ?? "").split("\n");
      const heading = `# ${conversation.item.id}: ${conversation.item.title}`;
      return write(scene, act.path, rest.length > 0 ? [heading, ...rest].join("\n") : `${heading}\n`);
    }
    case "fail":
      return failOnce(scene, act);
  }
}

async function failOnce(scene: Scene, { how }: Extract<Act, { kind: "fail" }>): Promise<void> {
  const { conversation, voice } = scene;
  const key = `${conversation.section} ${conversation.done} ${how}`;
  if (voice || conversation.failed.includes(key)) return;
  conversation.failed.push(key);
  scene.keep();
  await fail(scene, how);
}

function changes(acts: readonly Act[]): boolean {
  return acts.some(({ kind }) => ["write", "edit", "conflict", "leave-uncommitted"].includes(kind));
}

/** What is done where the script says nothing. Returns what the last message adds about it. */
async function playByDefault(scene: Scene, section: Section): Promise<string> {
  switch (section) {
    case "work":
      await writeNote(scene);
      return "";
    case "repair":
      await git(scene, "log", "-3", "--oneline");
      return "I could not repair the validation: the item's script has no `repair:` section.";
    case "rework":
      await noteFindings(scene, scene.order?.findings ?? []);
      return "";
  }
}

const noteOf = (scene: Scene) => `notes/${scene.conversation.item.id.replace(/[^\w.-]/g, "-")}.md`;

async function writeNote(scene: Scene): Promise<void> {
  const { item, answers } = scene.conversation;
  const decided = answers.map(({ question, answer }) => `- ${question} ${answer}\n`).join("");
  await git(scene, "log", "-3", "--oneline");
  await write(
    scene,
    noteOf(scene),
    `# ${item.title}\n\nRehearsed for ${item.id}.\n${decided === "" ? "" : `\n## Decided\n\n${decided}`}`,
  );
}

/** Answers findings in the item's note, which harms no code; the caller commits. */
export async function noteFindings(
  scene: Scene,
  findings: readonly { readonly id: string; readonly file: string; readonly claim: string }[],
): Promise<void> {
  const lines = findings.map(({ id, file, claim }) => `- ${id}, ${file}: ${claim}\n`).join("");
  const before = read(scene, noteOf(scene)) ?? `# ${scene.conversation.item.title}\n`;
  const settled = `\n## Settled after the review\n\n${lines === "" ? "- What the person asked for.\n" : lines}`;
  await write(scene, noteOf(scene), before.endsWith(settled) ? before : before + settled);
}

async function tidy(scene: Scene): Promise<string> {
  const left = (await git(scene, "status", "--porcelain")).split("\n").filter((line) => line !== "");
  await git(scene, "add", "--all", "--", ".", ":(exclude).beads");
  if ((await runGit(scene, ["diff", "--cached", "--name-only"])) !== "")
    await commit(scene, "Keep what was left uncommitted", []);
  return `Committed what was left: ${left.map((line) => line.slice(3)).join(", ")}.`;
}

/** The summary of the whole work, whichever step says it: what is read of it later is the newest one. */
function lastMessage({ conversation, script }: Scene, more: string): string {
  if (script.summary !== null) return fill(conversation, script.summary);
  const { touched, answers } = conversation;
  const said = [
    touched.length > 0 ? `Changed ${touched.map((path) => `\`${path}\``).join(", ")}.` : "",
    ...answers.map(({ question, answer }) => `Decided: ${question} ${answer}`),
    more,
  ];
  return [headingOf(conversation), said.filter((part) => part !== "").join("\n")].join("\n\n");
}
