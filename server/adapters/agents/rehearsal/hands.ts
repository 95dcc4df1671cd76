import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { pathInWorktree } from "./plain-path.ts";
import type { Scene } from "./scene.ts";

/** What a tool's result shows of a long output. */
const longestShown = 30_000;

/** Shows a call, asks the hooks, does it, and shows what it came to. Throws where it failed. */
async function use(
  scene: Scene,
  name: string,
  input: Record<string, unknown>,
  act: () => string | Promise<string>,
): Promise<string> {
  const { stream, hooks, voice } = scene;
  await scene.pause();
  const id = stream.call(name, input, voice);
  const agent = voice ? { agent: { id: voice.agent, type: voice.type } } : {};
  const permission = await hooks.beforeTool({ id, name, input, ...agent });
  try {
    if (permission.decision !== "allow")
      throw new Error(permission.decision === "deny" ? permission.reason : "Only a question can wait.");
    const text = await act();
    stream.answer(id, text.slice(0, longestShown), { voice });
    return text;
  } catch (error) {
    stream.answer(id, error instanceof Error ? error.message : String(error), { failed: true, voice });
    throw error;
  }
}

export async function write(scene: Scene, path: string, text: string): Promise<void> {
  await use(scene, "Write", { file_path: path, content: text }, () => {
    const file = pathInWorktree(scene.worktree, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return `File written: ${path}`;
  });
  touched(scene, path);
}

/** Replaces whole lines, the first that are `from`; what is changed already stays. */
export async function edit(scene: Scene, path: string, from: string, to: string): Promise<void> {
  await use(scene, "Edit", { file_path: path, old_string: from, new_string: to }, () => {
    const file = pathInWorktree(scene.worktree, path);
    const text = `\n${readFileSync(file, "utf8")}\n`;
    if (text.includes(`\n${from}\n`)) {
      const kept = to === "" ? "\n" : `\n${to}\n`;
      // A function, for `$` in a string would mean something.
      writeFileSync(file, text.replace(`\n${from}\n`, () => kept).slice(1, -1));
      return `File edited: ${path}`;
    }
    if (to !== "" && text.includes(`\n${to}\n`)) return `${path} holds the new text already.`;
    throw new Error(`The text to replace is not in ${path}`);
  });
  touched(scene, path);
}

/** Null where there is no such file. */
export function read(scene: Scene, path: string): string | null {
  try {
    return readFileSync(pathInWorktree(scene.worktree, path), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Runs git for everybody to see. */
export function git(scene: Scene, ...args: string[]): Promise<string> {
  const command = ["git", ...args.map(quoted)].join(" ");
  return use(scene, "Bash", { command, description: `git ${args[0] ?? ""}` }, () => runGit(scene, args));
}

/** Commits what is pending, or `paths`; nothing where they have not changed. */
export async function commit(
  scene: Scene,
  message: string,
  paths = scene.conversation.pending,
): Promise<void> {
  if (paths.length > 0) await git(scene, "add", "--", ...paths);
  if ((await runGit(scene, ["diff", "--cached", "--name-only"])) !== "") {
    await git(scene, "commit", "-q", "-m", message);
  }
  scene.conversation.pending = [];
  scene.keep();
}

/** Runs git unseen. Rejects with its own words where it fails. */
export async function runGit(scene: Pick<Scene, "worktree">, args: readonly string[]): Promise<string> {
  const author = args[0] === "commit" ? await authorOf(scene) : [];
  return execGit(scene.worktree, [...author, ...args]);
}

/** A machine without a git identity can rehearse too. */
async function authorOf({ worktree }: Pick<Scene, "worktree">): Promise<string[]> {
  const email = await execGit(worktree, ["config", "user.email"]).catch(() => "");
  return email === "" ? ["-c", "user.name=Rehearsal", "-c", "user.email=rehearsal@example.invalid"] : [];
}

function execGit(worktree: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      "git",
      ["-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false", "-c", "core.fsmonitor=false", ...args],
      {
        cwd: worktree,
        maxBuffer: 64 * 1024 * 1024,
        env: {
          ...process.env,
          GIT_TERMINAL_PROMPT: "0",
          GIT_EDITOR: "true",
          GIT_OPTIONAL_LOCKS: "0",
          LC_ALL: "C",
        },
      },
      (error, stdout, stderr) => {
        if (error) reject(new Error(stderr.trim() || error.message));
        else resolve(stdout);
      },
    );
  });
}

function touched({ conversation, keep }: Scene, path: string): void {
  if (!conversation.pending.includes(path)) conversation.pending.push(path);
  if (!conversation.touched.includes(path)) conversation.touched.push(path);
  keep();
}

function quoted(word: string): string {
  return /^[\w./@:=+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
