import { mkdir, readFile, realpath, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { createOutput } from "../output.ts";
import type { GlobalOptions } from "../context.ts";

/** What is installed where, below a `.claude` folder. */
const parts = [
  { from: "session-orchestrator/SKILL.md", to: "skills/session-orchestrator/SKILL.md" },
  { from: "commands/execute-work.md", to: "commands/execute-work.md" },
] as const;

export function addSkill(program: Command): void {
  program
    .command("skill")
    .description("the skill by which an agent of yours drives Amplify")
    .command("install")
    .option("--project", "into .claude of this folder instead of your home's")
    .option("--print", "only print the skill")
    .description("install the skill session-orchestrator and the command /execute-work for Claude Code")
    .action(async (options: { project?: boolean; print?: boolean }, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      const output = createOutput(globals.json ?? false);
      const ours = fileURLToPath(new URL("../skills/", import.meta.url));
      const launcher = await launcherCommand();
      const base = path.join(options.project ? path.resolve(globals.C ?? ".") : homedir(), ".claude");
      const installed: string[] = [];
      for (const { from, to } of parts) {
        const text = (await readFile(path.join(ours, from), "utf8")).replaceAll("{{amplify}}", launcher);
        if (options.print) {
          output.line(text);
          continue;
        }
        const file = path.join(base, to);
        await mkdir(path.dirname(file), { recursive: true });
        await keepEdited(file, text);
        await writeFile(file, text);
        installed.push(file);
      }
      if (options.print) return;
      output.answer({ installed, launcher }, () => {
        for (const file of installed) output.line(`Installed ${file}`);
      });
    });
}

/** What stands there and is not what we are about to write is kept beside it: somebody may have edited it. */
async function keepEdited(file: string, text: string): Promise<void> {
  const known = await readFile(file, "utf8").catch(() => null);
  if (known !== null && known !== text) await writeFile(`${file}.bak`, known);
}

/** How any shell on this machine starts this very Amplify, whatever stands on its PATH. */
async function launcherCommand(): Promise<string> {
  const launcher = await realpath(fileURLToPath(new URL("../bin/amplify.js", import.meta.url)));
  return `node ${/^[\w./-]+$/.test(launcher) ? launcher : `'${launcher.replaceAll("'", "'\\''")}'`}`;
}
