import { readFileSync } from "node:fs";
import { Command } from "commander";
import { addActivity } from "./commands/activity.ts";
import { addArchive } from "./commands/archive.ts";
import { addAudit } from "./commands/audit.ts";
import { addAnswers } from "./commands/answers.ts";
import { addAsk } from "./commands/ask.ts";
import { addCompletion } from "./commands/completion.ts";
import { addDemo } from "./commands/demo.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addInbox } from "./commands/inbox.ts";
import { addItem } from "./commands/item.ts";
import { addMcp } from "./commands/mcp.ts";
import { addOpen } from "./commands/open.ts";
import { addQueue } from "./commands/queue.ts";
import { addRepo } from "./commands/repo.ts";
import { addServe } from "./commands/serve.ts";
import { addSession } from "./commands/session.ts";
import { addStorage } from "./commands/storage.ts";
import { addSkill } from "./commands/skill.ts";
import { addAuth, addTeam } from "./commands/team.ts";
import { addWebhook } from "./commands/webhook.ts";
import { addExamples } from "./examples.ts";

/** Every command of the command line. */
export function createProgram(): Command {
  const program = new Command("amplify")
    .description("Turns a ready backlog into merged work: one worktree and one agent session per item.")
    .version(version())
    .option("--json", "print one JSON document instead of text")
    .option("-C <path>", "act as if started in this folder")
    .showHelpAfterError("Run with --help for the usage.")
    .exitOverride();
  addServe(program);
  addSession(program);
  addInbox(program);
  addAnswers(program);
  addAsk(program);
  addItem(program);
  addRepo(program);
  addArchive(program);
  addQueue(program);
  addActivity(program);
  addStorage(program);
  addSkill(program);
  addWebhook(program);
  addMcp(program);
  addOpen(program);
  addTeam(program);
  addAuth(program);
  addAudit(program);
  addDoctor(program);
  addDemo(program);
  addCompletion(program);
  addExamples(program);
  return program;
}

function version(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
