import { readdir, rename } from "node:fs/promises";
import { join, relative } from "node:path";
import { z } from "zod";
import { askSchema, questionSchema, type Ask } from "#lib/contract/files.ts";
import { questionIdFor, type QuestionId } from "#lib/domain/ids.ts";
import type { Asked, Asker, Prompt } from "#lib/domain/question.ts";
import type { Run } from "#lib/domain/run-state.ts";
import { isUnreadable } from "./inbox.ts";
import { quarantine, readWhole } from "./safe-file.ts";

const limitBytes = 1 << 20;
/** As many questions from files may wait at once: a loop that writes them must not flood people. */
export const mostOpenAsks = 20;
const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const fresh = new RegExp(`^(${uuid})\\.json$`);
/** Renamed to the question's id before it is recorded, so that a crash between the two asks once; the asker finds its id here. */
const taken = new RegExp(`^${uuid}\\.(q-\\d+)\\.json$`);

export interface FileAsks {
  readonly asked: readonly Asked[];
  readonly problems: readonly string[];
}

/** Questions in `asks/` that the run does not know yet. */
export async function takeAsks(
  directory: string,
  run: Run,
  asker: Omit<Asker, "role">,
  at: string,
): Promise<FileAsks> {
  const folder = join(directory, "asks");
  const names = await readdir(folder).catch(() => []);
  const known = new Set(run.questions.map(({ id }) => id));
  const asked: Asked[] = [];
  const problems: string[] = [];
  let next = run.questions.length + 1;
  let room = roomFor(run);
  let left = 0;
  for (const name of names.toSorted()) {
    const claimed = taken.exec(name)?.[1];
    const uuid = fresh.exec(name)?.[1];
    if (claimed === undefined && uuid === undefined) continue;
    if (claimed !== undefined && known.has(claimed as QuestionId)) continue;
    if (uuid !== undefined && room <= 0) {
      await quarantine(directory, join(folder, name), at);
      left += 1;
      continue;
    }
    try {
      const ask = await readAsk(join(folder, name));
      if (ask === null) continue;
      const id = questionIdFor(next++);
      const kept = uuid === undefined ? name.replace(/\.q-\d+\.json$/, `.${id}.json`) : `${uuid}.${id}.json`;
      if (kept !== name) await rename(join(folder, name), join(folder, kept));
      asked.push(questionOf(ask, { id, asker, at }));
      room -= 1;
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      const kept = relative(directory, await quarantine(directory, join(folder, name), at));
      problems.push(`asks/${name} cannot be read as a question and was set aside as ${kept}.`);
    }
  }
  return { asked, problems: [...problems, ...overflow(left)] };
}

function roomFor({ questions }: Run): number {
  const open = questions.filter(({ status, toolUseId }) => status === "open" && toolUseId === null);
  return mostOpenAsks - open.length;
}

function overflow(left: number): string[] {
  if (left === 0) return [];
  return [
    `${left} more questions were set aside: ${mostOpenAsks} of this session wait for an answer already.`,
  ];
}

async function readAsk(path: string): Promise<Ask | null> {
  const text = await readWhole(path, limitBytes);
  return text === null ? null : askSchema.parse(JSON.parse(text));
}

/** Entries that an agent added to `questions.json` by its own hand; null where the file is as we wrote it. */
export async function foreignQuestions(
  directory: string,
  run: Run,
  asker: Omit<Asker, "role">,
  at: string,
): Promise<FileAsks | null> {
  const path = join(directory, "questions.json");
  const known = new Set<string>(run.questions.map(({ id }) => id));
  let text: string | null;
  try {
    text = await readWhole(path, 16 << 20);
    if (text === null) return null;
    const entries = z.array(z.unknown()).max(1000).parse(JSON.parse(text));
    if (text === ours(run)) return null;
    const asked: Asked[] = [];
    const problems: string[] = [];
    let next = run.questions.length + 1;
    const room = roomFor(run);
    let left = 0;
    for (const entry of entries) {
      const whole = questionSchema.safeParse(entry).data;
      // Only a call of the agent's own has an id: with one it is ours, of events that were lost.
      if (whole && (known.has(whole.id) || whole.toolUseId !== null)) continue;
      const ask = askSchema.safeParse(entry);
      if (!ask.success) {
        problems.push("questions.json held an entry that is no question.");
        continue;
      }
      const question = questionOf(ask.data, { id: questionIdFor(next), asker, at });
      if (isOpenAlready(run, question.prompts)) continue;
      if (asked.length >= room) {
        left += 1;
        continue;
      }
      next += 1;
      asked.push(question);
    }
    return { asked, problems: [...problems, ...overflow(left)] };
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    const kept = relative(directory, await quarantine(directory, path, at));
    const problem = `questions.json could not be read; it was set aside as ${kept} and written anew.`;
    return { asked: [], problems: [problem] };
  }
}

function ours(run: Run) {
  return `${JSON.stringify(run.questions, null, 2)}\n`;
}

/** The same words while they wait for an answer are the same question, taken in before a crash. */
function isOpenAlready(run: Run, prompts: readonly Prompt[]) {
  const words = JSON.stringify(prompts.map(({ text }) => text));
  return run.questions.some(
    (each) =>
      each.status === "open" &&
      each.toolUseId === null &&
      JSON.stringify(each.prompts.map(({ text }) => text)) === words,
  );
}

function questionOf(
  ask: Ask,
  { id, asker, at }: { id: QuestionId; asker: Omit<Asker, "role">; at: string },
): Asked {
  const prompts =
    "prompts" in ask
      ? ask.prompts
      : [
          {
            text: ask.question,
            header: ask.header,
            options: ask.options.map((option) =>
              typeof option === "string" ? { label: option, description: "" } : option,
            ),
            multiple: ask.multiple,
          },
        ];
  const role = "role" in ask ? ask.role : "agent";
  return { id, prompts, asker: { ...asker, role }, context: ask.context, askedAt: at, toolUseId: null };
}
