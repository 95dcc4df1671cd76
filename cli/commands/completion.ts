import { Argument, type Command } from "commander";
import { completionScript, shells } from "../completion-script.ts";

export function addCompletion(program: Command): void {
  program
    .command("completion")
    .addArgument(new Argument("<shell>").choices(shells))
    .description("print the completion script of a shell")
    .action((shell: (typeof shells)[number]) => {
      process.stdout.write(completionScript(shell, program));
    });
}
