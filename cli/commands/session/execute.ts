import { type Command, InvalidArgumentError, Option } from "commander";
import { landingPolicies, type LoopView } from "#lib/contract/wire.ts";
import { createContext, type GlobalOptions } from "../../context.ts";
import { printApproved, printEnd, printFact } from "../../loop-lines.ts";
import { beside, faint } from "../../output.ts";
import { watchLoop } from "../../watch-loop.ts";
import { printQuestion } from "./questions.ts";

interface ExecuteOptions {
  readonly landing: LoopView["landing"];
  readonly detach?: boolean;
  readonly stop?: boolean;
  readonly maxSessions?: number;
  readonly maxFailures?: number;
}

/** Done, but for items that wait for a person. */
const parkedExit = 2;
/** Somebody stopped it, or whom it worked for may not work any more. */
const stoppedExit = 1;

export function addExecute(session: Command): void {
  session
    .command("execute")
    .argument("[project]", "a label of items; auth and project:auth are the same")
    .description(
      "work a backlog off: dispatch what is ready, land what is approved, go on until all is done; Ctrl-C only stops watching",
    )
    .addOption(
      new Option("--landing <how>", "auto lands approved work by itself, ask leaves that to you")
        .choices(landingPolicies)
        .default("auto"),
    )
    .option("--detach", "only start it")
    .option("--stop", "end it; its sessions go on")
    .option("--max-sessions <n>", "begin at most this many sessions", count)
    .option("--max-failures <n>", "begin nothing new after this many failed items", count)
    .action(async (project: string | undefined, options: ExecuteOptions, command: Command) => {
      const { output, client, adopt } = createContext(command.optsWithGlobals<GlobalOptions>());
      const { landing, maxSessions, maxFailures } = options;
      const repository = await adopt();
      const connected = await client();
      if (options.stop) {
        const { loops } = await connected.command("loop:stop", {
          repository: repository.id,
          project: project ?? null,
        });
        output.answer(loops, () =>
          output.line(loops.length > 0 ? "Stopped; the sessions go on." : "No loop is running."),
        );
        return;
      }
      const order = {
        repository: repository.id,
        project: project ?? null,
        landing,
        ...(maxSessions === undefined ? {} : { maxSessions }),
        ...(maxFailures === undefined ? {} : { maxFailures }),
      };
      if (options.detach) {
        const { loop, started } = await connected.command("loop:start", order);
        output.answer(loop, () => output.line(describeStart(loop, started)));
        return;
      }
      const detach = new AbortController();
      process.once("SIGINT", () => detach.abort());
      const listener = {
        started(loop: LoopView, isNew: boolean) {
          output.note(faint(describeStart(loop, isNew)));
        },
        happened: (fact: Parameters<typeof printFact>[1]) => printFact(output, fact),
        // What waits for a person is said in each case: nobody is left waiting without a word.
        asked: (question: Parameters<typeof printQuestion>[1]) => printQuestion(beside(output), question),
        approved(each: Parameters<typeof printApproved>[1]) {
          if (landing === "ask") printApproved(beside(output), each);
        },
      };
      const loop = await watchLoop(connected, order, listener, detach.signal);
      if (!loop) {
        output.note("\nThe work goes on in the server. End it with `amplify session execute --stop`.");
        return;
      }
      output.answer(loop, () => printEnd(output, loop));
      if (loop.status === "stopped") process.exitCode = stoppedExit;
      else if (loop.parked.length > 0) process.exitCode = parkedExit;
    });
}

function describeStart({ id, project, landing }: LoopView, isNew: boolean): string {
  const what = project === null ? "the whole backlog" : `the project ${project}`;
  return `${isNew ? "Working off" : "Already working off"} ${what}, landing ${landing} (${id}).`;
}

function count(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0 && number <= 10_000) return number;
  throw new InvalidArgumentError("It is a number from 1 to 10000.");
}
