import { lstatSync, readFileSync, writeFileSync } from "node:fs";
import { git, runGit } from "./hands.ts";
import { pathInWorktree } from "./plain-path.ts";
import type { Scene } from "./scene.ts";

/** Ends the open merge with both sides of every conflict, ours first. Returns what was done. */
export async function resolveMerge(scene: Scene): Promise<string> {
  const listed = await runGit(scene, ["diff", "--name-only", "--diff-filter=U", "-z"]);
  const paths = listed.split("\0").filter((path) => path !== "");
  await git(scene, "status", "--short");
  for (const path of paths) {
    const file = pathInWorktree(scene.worktree, path);
    const facts = lstatSync(file, { throwIfNoEntry: false });
    if (facts?.isFile()) {
      const bytes = readFileSync(file);
      // Bytes that are no text have no marks, and stay as git left them.
      if (!bytes.includes(0)) writeFileSync(file, withBothSides(bytes.toString("utf8")));
    }
    await git(scene, ...(facts ? ["add", "--", path] : ["rm", "--quiet", "--cached", "--", path]));
  }
  const isOpen = await runGit(scene, ["rev-parse", "--quiet", "--verify", "MERGE_HEAD"]).then(
    () => true,
    () => false,
  );
  if (isOpen) await git(scene, "commit", "-q", "--no-edit");
  return paths.length > 0
    ? `Merged the base and kept both sides in ${paths.map((path) => `\`${path}\``).join(", ")}.`
    : "Merged the base; nothing was in conflict any more.";
}

/** Takes the marks of a conflict out, and with them what both sides had in common before. */
export function withBothSides(text: string): string {
  let within: "none" | "ours" | "ancestor" | "theirs" = "none";
  const kept: string[] = [];
  for (const line of text.split("\n")) {
    if (/^<{7}( |$)/.test(line)) within = "ours";
    else if (within === "ours" && /^\|{7}( |$)/.test(line)) within = "ancestor";
    else if ((within === "ours" || within === "ancestor") && line === "=======") within = "theirs";
    else if (within === "theirs" && /^>{7}( |$)/.test(line)) within = "none";
    else if (within !== "ancestor") kept.push(line);
  }
  return kept.join("\n");
}
