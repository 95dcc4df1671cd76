import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommanderError, type Command } from "commander";
import { describe, expect, it } from "vitest";
import { completionScript } from "./completion-script.ts";
import { createProgram } from "./program.ts";

function all(command: Command, path: readonly string[] = []): { command: Command; path: string }[] {
  const below = command.commands.flatMap((each) => all(each, [...path, each.name()]));
  return [{ command, path: path.join(" ") }, ...below];
}

/** What a person reads who asks for help. */
async function helpOf(path: string): Promise<string> {
  const program = createProgram();
  let text = "";
  for (const { command } of all(program))
    command.exitOverride().configureOutput({ writeOut: (words) => (text += words) });
  const words = path.split(" ").filter((word) => word !== "");
  await program.parseAsync([...words, "--help"], { from: "user" }).catch((error: unknown) => {
    if (!(error instanceof CommanderError)) throw error;
  });
  return text;
}

describe("the command line", () => {
  it("[X16] has examples in the help of every command, and each example is a command that there is", async () => {
    const commands = all(createProgram());
    for (const { path } of commands) {
      const help = await helpOf(path);
      expect(help, `amplify ${path} --help`).toMatch(/\nExamples?:\n {2}\$ /);
      const examples = [...help.matchAll(/^ {2}\$ amplify(.*)$/gm)].map(([, words]) => words ?? "");
      for (const example of examples) {
        const words = example.trim().replace(/^-C \S+ /, "");
        const known = commands.some((each) => each.path !== "" && `${words} `.startsWith(`${each.path} `));
        expect(known, example).toBe(true);
      }
    }
  });

  it("[X17] completes the commands that there are, in bash", () => {
    const script = completionScript("bash", createProgram());
    const complete = (...words: string[]) =>
      execFileSync(
        "bash",
        [
          "--norc",
          "-c",
          `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _amplify; echo "\${COMPREPLY[*]}"`,
          "-",
          "amplify",
          ...words,
        ],
        { encoding: "utf8" },
      )
        .trim()
        .split(" ");
    expect(complete("ses")).toEqual(["session"]);
    expect(complete("session", "disp")).toEqual(["dispatch", "dispatch-ready"]);
    expect(complete("session", "execute", "auth", "--la")).toEqual(["--landing"]);
    expect(complete("--json", "item", "d")).toEqual(["dep"]);
  });

  it("[X17] writes scripts that zsh and fish can read", () => {
    for (const shell of ["zsh", "fish"] as const) {
      const script = completionScript(shell, createProgram());
      for (const { path } of all(createProgram())) if (path !== "") expect(script).toContain(path);
      const program = ["/bin", "/usr/bin"].map((folder) => `${folder}/${shell}`).find(existsSync);
      if (!program) {
        console.warn(`SKIPPED: ${shell} is not here to read its script`);
        continue;
      }
      // From a file: fish does not read the kind of pipe that Node makes.
      const folder = mkdtempSync(join(tmpdir(), "amplify-completion-"));
      writeFileSync(join(folder, "script"), script);
      execFileSync(program, ["-n", join(folder, "script")]);
      rmSync(folder, { recursive: true });
    }
  });
});
