import { join } from "node:path";
import { lookOf, sharedFolder } from "./layout.ts";

/** What these files include is not looked at; a change there counts after this long. */
const longestMs = 60_000;

/** Worktrees come and go; what was asked of one that has gone is not kept for ever. */
const mostFolders = 500;

/** Answers from memory what `ask` found in the person's and a folder's configuration, while its files look the same. */
export function rememberConfiguration<Value>(
  ask: (folder: string) => Promise<Value>,
): (folder: string) => Promise<Value> {
  const answers = new Map<string, { look: string; at: number; value: Promise<Value> }>();
  return (folder) => {
    const look = configurationFiles(folder).map(lookOf).join();
    const before = answers.get(folder);
    if (before?.look === look && performance.now() - before.at < longestMs) return before.value;
    const answer = { look, at: performance.now(), value: ask(folder) };
    answers.delete(folder);
    answers.set(folder, answer);
    const [oldest] = answers.keys();
    if (answers.size > mostFolders && oldest !== undefined) answers.delete(oldest);
    answer.value.catch(() => {
      if (answers.get(folder) === answer) answers.delete(folder);
    });
    return answer.value;
  };
}

function configurationFiles(folder: string): string[] {
  const { HOME: home = "", XDG_CONFIG_HOME: xdg, GIT_CONFIG_GLOBAL: own } = process.env;
  const shared = sharedFolder(folder);
  return [
    ...(shared === null ? [] : [join(shared, "config")]),
    ...(own === undefined
      ? [join(home, ".gitconfig"), join(xdg ?? join(home, ".config"), "git", "config")]
      : [own]),
    "/etc/gitconfig",
  ];
}
