import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import type { Command } from "commander";
import { CliError } from "../connection.ts";
import { createContext, type GlobalOptions } from "../context.ts";
import { plain, table } from "../output.ts";
import { wholeNumber } from "../whole-number.ts";

interface AuditOptions {
  readonly actor?: string;
  readonly action?: string;
  readonly outcome?: string;
  readonly since?: string;
  readonly limit: number;
  /** A file, or true for standard output. */
  readonly jsonl?: string | true;
}

export function addAudit(program: Command): void {
  program
    .command("audit")
    .description("who did what: every command, login, refusal and change of rights")
    .option("--actor <person>", "only what this person did; name or id")
    .option("--action <name>", "only this command, or those that begin so, such as team:")
    .option("--outcome <word>", "only what came out so: done, refused, failed")
    .option("--since <instant>", "only from this day or instant on, such as 2026-11-24")
    .option("--limit <number>", "at most so many, the newest", wholeNumber, 50)
    .option("--jsonl [file]", "write all of it as JSON lines, oldest first")
    .action(async (options: AuditOptions, command: Command) => {
      const { output, client } = createContext(command.optsWithGlobals<GlobalOptions>());
      const server = await client();
      const wanted = {
        actor: options.actor ?? null,
        action: options.action ?? null,
        outcome: options.outcome ?? null,
        since: options.since === undefined ? null : instantOf(options.since),
      };
      if (options.jsonl !== undefined) {
        const query = new URLSearchParams();
        for (const [name, value] of Object.entries(wanted)) if (value !== null) query.set(name, value);
        const response = await server.request("GET", `/api/audit.jsonl?${query.toString()}`);
        if (!response.ok || !response.body)
          throw new CliError(`The server answered ${String(response.status)}.`);
        const lines = Readable.fromWeb(response.body as ReadableStream);
        if (options.jsonl === true) await pipeline(lines, process.stdout, { end: false });
        else await pipeline(lines, createWriteStream(options.jsonl, { mode: 0o600 }));
        return;
      }
      const read = await server.read("audit", { ...wanted, limit: options.limit });
      output.answer(read.entries, () => {
        const rows = read.entries.map(({ at, actor, via, action, target, outcome, detail }) =>
          [at, actor, via, action, outcome, `${target} ${detail}`.trim()].map(plain),
        );
        for (const line of table(rows)) output.line(line);
        if (read.entries.length === 0) output.line("Nothing fits.");
      });
    });
}

function instantOf(text: string): string {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new CliError(`${text} is no day and no instant.`, "Write it like 2026-11-24.");
  return new Date(at).toISOString();
}
