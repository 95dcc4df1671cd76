import { spawn } from "node:child_process";
import path from "node:path";
import type { Command } from "commander";
import { valueOf } from "#lib/client/http.ts";
import { CliError, findServer, serverCommand, serverEnvironment } from "../connection.ts";
import { createOutput } from "../output.ts";
import type { GlobalOptions } from "../context.ts";

interface ServeOptions {
  readonly port?: string;
  readonly stop?: boolean;
  readonly status?: boolean;
  /** True without a value. */
  readonly lan?: string | true;
  readonly name?: readonly string[];
  readonly cert?: string;
  readonly key?: string;
  readonly lanInsecureHttp?: boolean;
  readonly headless?: boolean;
}

export function addServe(program: Command): void {
  program
    .command("serve")
    .description(
      "run the server and its dashboard in the foreground; takes over one that runs in the background",
    )
    .option("--port <number>", "listen on this port (default: 4747, or the next free one)")
    .option(
      "--lan [where]",
      "let a team in: listen at the network too, with TLS; at an interface, an address, `all`, or where it finds best",
    )
    .option("--name <host...>", "further names of this machine that guests may use")
    .option("--cert <file>", "a certificate of your own instead of the one that is made; PEM")
    .option("--key <file>", "its key; PEM")
    .option("--lan-insecure-http", "listen at the network without TLS; owners then act on this machine alone")
    .option("--headless", "serve no pages: for scripts and the command line alone")
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
      process.exitCode = await runServer(serverArguments(options));
    });
}

function serverArguments(options: ServeOptions): string[] {
  const { port, lan, name = [], cert, key, lanInsecureHttp = false } = options;
  const isLan = lan !== undefined || lanInsecureHttp;
  if (!isLan && (name.length > 0 || cert !== undefined || key !== undefined))
    throw new CliError("--name, --cert and --key are for a server that a team can reach.", "Add --lan.");
  return [
    ...(options.headless ? ["--headless"] : []),
    ...(port === undefined ? [] : ["--port", port]),
    ...(isLan ? ["--lan"] : []),
    ...(typeof lan === "string" ? ["--lan-at", lan] : []),
    ...name.flatMap((each) => ["--name", each]),
    ...(cert === undefined ? [] : ["--cert", path.resolve(cert)]),
    ...(key === undefined ? [] : ["--key", path.resolve(key)]),
    ...(lanInsecureHttp ? ["--insecure"] : []),
  ];
}

/** The server in the foreground, as a child so that signals and exit codes are its own. */
function runServer(args: string[]): Promise<number> {
  const child = spawn(process.execPath, serverCommand(...args), {
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
