import { spawn } from "node:child_process";
import type { Command } from "commander";
import { valueOf } from "#lib/client/http.ts";
import { bundle, findServer, serverEnvironment } from "../connection.ts";
import { createOutput } from "../output.ts";
import type { GlobalOptions } from "../context.ts";

interface ServeOptions {
  readonly port?: string;
  readonly stop?: boolean;
  readonly status?: boolean;
}

export function addServe(program: Command): void {
  program
    .command("serve")
    .description(
      "run the server and its dashboard in the foreground; takes over one that runs in the background",
    )
    .option("--port <number>", "listen on this port (default: 4747, or the next free one)")
    .option("--status", "only say whether a server runs, and where")
    .option("--stop", "end the running server; sessions go on")
    .action(async (options: ServeOptions, command: Command) => {
      const output = createOutput(command.optsWithGlobals<GlobalOptions>().json ?? false);
      if (options.status) {
        const server = await findServer();
        const data = server
          ? { running: true, url: server.url, pid: server.presence.pid }
          : { running: false };
        output.answer(data, () =>
          output.line(server ? `running at ${server.url} (pid ${server.presence.pid})` : "not running"),
        );
        if (!server) process.exitCode = 3;
        return;
      }
      if (options.stop) {
        const server = await findServer();
        if (server) await valueOf(await server.client.request("POST", "/api/leave", {}));
        output.answer({ stopped: server !== null }, () =>
          output.line(server ? "The server has ended; sessions go on." : "No server is running."),
        );
        return;
      }
      process.exitCode = await runServer(options.port === undefined ? [] : ["--port", options.port]);
    });
}

/** The server in the foreground, as a child so that signals and exit codes are its own. */
function runServer(args: string[]): Promise<number> {
  const child = spawn(process.execPath, [bundle("server"), ...args], {
    stdio: "inherit",
    env: serverEnvironment(),
  });
  // The terminal sends Ctrl-C to the whole group; the child decides when both end.
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
  });
}
