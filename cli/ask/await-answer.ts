import { randomUUID } from "node:crypto";
import { watch } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { answersFileSchema, questionsFileSchema, stateSchema, type Ask } from "#lib/contract/files.ts";
import type { Choice } from "#lib/domain/question.ts";
import type { RunStatus } from "#lib/domain/run-state.ts";
import { asksNobody } from "./own-session.ts";

/** Should the system's word of a change be lost. */
const lookAgainMs = 2_000;

export type AskEnd =
  | {
      readonly kind: "answered";
      readonly question: string;
      readonly choices: readonly Choice[];
      readonly by: string;
      readonly at: string;
    }
  | { readonly kind: "withdrawn"; readonly question: string; readonly reason: string }
  /** The runner set it aside; the session's log says why. */
  | { readonly kind: "refused" }
  /** The session came to rest before it was taken in; it was taken back. */
  | { readonly kind: "too-late"; readonly status: RunStatus };

/**
 * Puts a question into the session's directory and waits for its answer there, without a server: whoever answers,
 * and however often servers come and go meanwhile, the runner writes it down in `answers.json`.
 */
export async function awaitAnswer(
  directory: string,
  ask: Ask,
  { onAsked, signal }: { onAsked: (question: string) => void; signal: AbortSignal },
): Promise<AskEnd> {
  const asks = path.join(directory, "asks");
  const id = randomUUID();
  await mkdir(asks, { recursive: true, mode: 0o700 });
  const changes = watchFor([directory, asks]);
  try {
    await writeWhole(path.join(asks, `${id}.json`), ask);
    let told: string | null = null;
    for (;;) {
      signal.throwIfAborted();
      const names = await readdir(asks);
      const question = names
        .map((name) => new RegExp(`^${id}\\.(q-\\d+)\\.json$`).exec(name)?.[1])
        .find(Boolean);
      if (question === undefined) {
        if (!names.includes(`${id}.json`)) return { kind: "refused" };
        const status = await restOf(directory);
        if (status !== null) {
          await rm(path.join(asks, `${id}.json`), { force: true });
          return { kind: "too-late", status };
        }
      }
      if (question !== undefined) {
        if (question !== told) onAsked(question);
        told = question;
        const end = await endOf(directory, question);
        if (end) return end;
      }
      await changes.next(signal);
    }
  } finally {
    changes.close();
  }
}

/** The status of a session that takes in no questions until somebody sets it going again. */
async function restOf(directory: string): Promise<RunStatus | null> {
  const state = stateSchema.safeParse(await readJson(path.join(directory, "state.json"))).data;
  // Rejected work may be on its way to the next round.
  return state && state.status !== "rejected" && asksNobody(state.status) ? state.status : null;
}

async function endOf(directory: string, question: string): Promise<AskEnd | null> {
  const answers = answersFileSchema.safeParse(await readJson(path.join(directory, "answers.json")));
  const answer = answers.data?.find((each) => each.question === question);
  if (answer) return { kind: "answered", question, choices: answer.choices, by: answer.by, at: answer.at };
  const questions = questionsFileSchema.safeParse(await readJson(path.join(directory, "questions.json")));
  const own = questions.data?.find((each) => each.id === question);
  return own?.status === "withdrawn" ? { kind: "withdrawn", question, reason: own.reason } : null;
}

/** Null where it is not there; the runner replaces these files whole. */
async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    return null;
  }
}

async function writeWhole(file: string, value: unknown): Promise<void> {
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.tmp`);
  const handle = await open(temporary, "wx", 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(value, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
}

/** Tells of changes in the folders; one that came before it was asked for is not lost. */
function watchFor(folders: readonly string[]) {
  let isRung = false;
  let wake = () => {};
  const watchers = folders.map((folder) => {
    const watcher = watch(folder, () => {
      isRung = true;
      wake();
    });
    return watcher.on("error", () => watcher.close());
  });
  return {
    async next(signal: AbortSignal): Promise<void> {
      if (!isRung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, lookAgainMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
          signal.addEventListener("abort", wake, { once: true });
        });
        signal.removeEventListener("abort", wake);
      }
      isRung = false;
    },
    close() {
      for (const watcher of watchers) watcher.close();
    },
  };
}
