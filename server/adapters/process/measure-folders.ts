import { runTool } from "./run-tool.ts";

/** A worktree may hold a hundred thousand files of its packages. */
const limitMs = 120_000;

/** Bytes on the disk below each folder, counted by `du` in a process of its own; what cannot be counted is left out. */
export async function measureFolders(
  folders: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Map<string, number>> {
  const run = await runTool({
    file: "du",
    args: ["-s", "-k", "--", ...folders],
    cwd: "/",
    env: { ...env, LC_ALL: "C" },
    timeLimitMs: limitMs,
  });
  const sizes = new Map<string, number>();
  for (const line of run.stdout.split("\n")) {
    const [, kilobytes, folder] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    if (folder !== undefined && folders.includes(folder)) sizes.set(folder, Number(kilobytes) * 1024);
  }
  return sizes;
}
