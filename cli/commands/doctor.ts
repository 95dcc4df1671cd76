import type { Command } from "commander";
import colors from "picocolors";
import { createContext, type GlobalOptions } from "../context.ts";

const marks = {
  ok: colors.green("ok     "),
  warning: colors.yellow("warning"),
  error: colors.red("error  "),
};

export function addDoctor(program: Command): void {
  program
    .command("doctor")
    .description("check what Amplify needs: git, the backlog's tool, the agent, the data folder")
    .action(async (_options: unknown, command: Command) => {
      const { output, client, repository } = createContext(command.optsWithGlobals<GlobalOptions>());
      const about = await repository();
      const checks = await (await client()).read("doctor", { repository: about?.id ?? null });
      output.answer(checks, () => {
        for (const check of checks) {
          output.line(`${marks[check.level]}  ${check.name}: ${check.text}`);
          if (check.fix !== null) output.line(`         ${check.fix}`);
        }
      });
      if (checks.some(({ level }) => level === "error")) process.exitCode = 1;
    });
}
