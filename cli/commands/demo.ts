import { mkdir, mkdtemp, realpath, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Command } from "commander";
import { CliError, connect, type Server } from "../connection.ts";
import type { GlobalOptions } from "../context.ts";
import { follow } from "../events.ts";
import { leaveNothingBehind } from "../demo/leave.ts";
import { reportLines } from "../demo/report.ts";
import { type DemoFolders, fillBacklog, makeFolders, runDemo } from "../demo/run-demo.ts";
import { createSampleProject } from "../demo/sample-project.ts";
import { printApproved, printEnd, printFact } from "../loop-lines.ts";
import { makeLink, openInBrowser } from "../open-browser.ts";
import { beside, createOutput, faint, heading, type Output } from "../output.ts";
import { printQuestion } from "./session/questions.ts";

interface DemoOptions {
  readonly unattended?: boolean;
  readonly folder?: string;
  readonly browser: boolean;
}

/** Slow enough to follow with the eye; unattended nobody looks. */
const pauseMs = 700;

export function addDemo(program: Command): void {
  program
    .command("demo")
    .description(
      "show everything on a small sample project, with a rehearsed agent: no account and no network",
    )
    .option("--unattended", "answer, land and end by itself; exit 0 when every item is merged")
    .option(
      "--folder <path>",
      "a folder that does not exist yet, for all that the demo makes (default: a temporary one)",
    )
    .option("--no-browser", "only print the dashboard's link")
    .action(async (options: DemoOptions, command: Command) => {
      const output = createOutput(command.optsWithGlobals<GlobalOptions>().json ?? false);
      const stop = new AbortController();
      const onSignal = () => stop.abort();
      for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
      const folders = await makeFolders(await newFolder(options.folder));
      output.note(`The demo's folder: ${folders.root}`);
      await createSampleProject(folders.project, folders.agent);
      const server = await connect((text) => output.note(text), folders.data);
      try {
        await show({ output, server, folders, options, signal: stop.signal });
      } finally {
        output.note(faint("Cleaning up …"));
        const left = await leaveNothingBehind(folders.data, server);
        if (left.length > 0) {
          output.note(`These processes would not go: ${left.join(", ")}.`);
          process.exitCode = 1;
        }
      }
      if (stop.signal.aborted) process.exitCode ??= 130;
    });
}

async function show(stage: {
  readonly output: Output;
  readonly server: Server;
  readonly folders: DemoFolders;
  readonly options: DemoOptions;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { output, folders, signal } = stage;
  const { client } = stage.server;
  const isUnattended = stage.options.unattended ?? false;
  const { repository } = await client.command("repository:add", { path: folders.project });
  const items = await fillBacklog(client, repository.id, isUnattended ? 0 : pauseMs);
  const prefix = `AMPLIFY_HOME=${folders.data} `;
  if (!isUnattended) {
    const { url } = await makeLink(client);
    output.note(`Watch, answer and land here (the link works once): ${url}`);
    output.note(faint(`Or in another terminal: ${prefix}amplify session status`));
    if (stage.options.browser && process.stdout.isTTY) openInBrowser(url);
  }
  const end = await runDemo({
    client,
    repository,
    items,
    isUnattended,
    signal,
    listener: {
      happened: (fact) => printFact(output, fact),
      asked(question) {
        printQuestion(beside(output), question);
      },
      approved(session) {
        if (!isUnattended) printApproved(beside(output), session, prefix);
      },
    },
  });
  if (!end) return;
  const file = path.join(folders.root, "report.json");
  await writeFile(file, `${JSON.stringify(end.report, null, 2)}\n`);
  output.answer(end.report, () => {
    output.line(heading("\nReport"));
    for (const line of reportLines(end.report)) output.line(line);
    printEnd(output, end.loop);
    output.line(faint(`Kept at ${file}`));
  });
  if (end.report.some(({ status }) => status !== "merged")) process.exitCode = 1;
  if (isUnattended || signal.aborted) return;
  output.note("The dashboard stays until you press Ctrl-C.");
  for await (const news of follow(client, signal))
    if (news.kind === "facts") for (const fact of news.facts) printFact(output, fact);
  process.exitCode ??= 0;
}

/** A folder of its own each time, so that nothing of an earlier demo or of real work is touched. */
async function newFolder(wanted: string | undefined): Promise<string> {
  if (wanted === undefined) return realpath(await mkdtemp(path.join(tmpdir(), "amplify-demo-")));
  const folder = path.resolve(wanted);
  try {
    await mkdir(path.dirname(folder), { recursive: true });
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw new CliError(`${folder} exists already.`, "Name a folder that does not exist yet.");
  }
  return realpath(folder);
}
