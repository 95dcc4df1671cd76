import { mkdir, readFile, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Confinement } from "#server/ports.ts";
import { stepFolder } from "./places.ts";
import { worktreeOf, type Session } from "./session.ts";

/**
 * What an agent of this session, or a validation of what it wrote, may see and write where the repository asks for a sandbox;
 * null where it does not. With a step that is the step's folder and what `ownFolders` names, too.
 */
export async function confinementOf(
  session: Session,
  step: { readonly number: number; readonly ownFolders: readonly string[] } | null,
): Promise<Confinement | null> {
  const { spec, directory, ports } = session;
  if (!spec.sandbox) return null;
  const { worktree } = worktreeOf(session);
  const { commonDir, root } = spec.repository;
  const admin = await adminFolder(worktree, commonDir);
  const refs = dirname(join(commonDir, "refs", "heads", spec.branch));
  const logs = dirname(join(commonDir, "logs", "refs", "heads", spec.branch));
  for (const folder of [refs, logs, ...(step?.ownFolders ?? [])]) await mkdir(folder, { recursive: true });
  return {
    hidden: [ports.home],
    readable: [directory, commonDir, root],
    writable: [
      worktree,
      ...(admin === null ? [] : [admin]),
      join(commonDir, "objects"),
      refs,
      logs,
      ...(step === null ? [] : [stepFolder(directory, step.number), join(directory, "asks")]),
      ...(step?.ownFolders ?? []),
    ],
    // Whoever could turn these around would choose the configuration that git reads for us, or where it finds what it
    // reads; and packs hold the work of everybody. New objects are files beside them.
    kept: [
      join(worktree, ".git"),
      join(commonDir, "objects", "pack"),
      join(commonDir, "objects", "info"),
      ...(admin === null ? [] : [join(admin, "commondir"), join(admin, "gitdir")]),
    ],
  };
}

/** Git's own folder of the worktree; null where the worktree's word for it is not what git itself wrote down. */
async function adminFolder(worktree: string, commonDir: string): Promise<string | null> {
  try {
    const said = /^gitdir: (.+)\n?$/.exec(await readFile(join(worktree, ".git"), "utf8"))?.[1] ?? "";
    const admin = await realpath(said);
    if (dirname(admin) !== join(await realpath(commonDir), "worktrees")) return null;
    const back = (await readFile(join(admin, "gitdir"), "utf8")).trim();
    return (await realpath(back)) === join(await realpath(worktree), ".git") ? admin : null;
  } catch {
    return null;
  }
}
