import type { Command } from "commander";
import { logWindow } from "#lib/contract/wire.ts";
import { valueOf } from "#lib/client/http.ts";
import { createContext, type GlobalOptions } from "../../context.ts";
import { plain } from "../../output.ts";

interface LogOptions {
  readonly follow?: boolean;
  readonly bytes: string;
  readonly gate?: string;
}

export function addLogs(session: Command): void {
  session
    .command("logs")
    .argument("<session>", "a session's id, a unique prefix of it, or an item's id")
    .option("-f, --follow", "go on as the session writes; Ctrl-C ends it")
    .option("--bytes <n>", "how much of the end to show first", "65536")
    .option("--gate <n>", "the output of a landing's gate in the place of the session's own log")
    .description("print the session's readable log")
    .action(async (id: string, options: LogOptions, command: Command) => {
      const { output, client } = createContext(command.optsWithGlobals<GlobalOptions>());
      const connected = await client();
      const { session } = await connected.read("session", { session: id });
      const query = new URLSearchParams({
        session: session.id,
        stream: options.gate === undefined ? "output" : "gate",
        step: options.gate ?? "0",
        limit: options.bytes,
      });
      const window = logWindow.parse(
        await valueOf(await connected.request("GET", `/api/log?${query.toString()}`)),
      );
      if (output.json && !options.follow) {
        output.answer(window, () => undefined);
        return;
      }
      process.stdout.write(plain(window.text));
      if (!options.follow) return;
      query.set("offset", String(window.next));
      query.set("follow", "true");
      const response = await connected.request("GET", `/api/log?${query.toString()}`);
      if (!response.ok || !response.body) await valueOf(response);
      const decoder = new TextDecoder();
      for await (const chunk of response.body ?? [])
        process.stdout.write(plain(decoder.decode(chunk, { stream: true })));
    });
}
