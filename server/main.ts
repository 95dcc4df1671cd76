import { homedir, userInfo } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { openInside } from "./inside.ts";
import type { LanOptions } from "./lan/entrances.ts";
import { welcome } from "./lan/welcome.ts";
import type { Clock } from "./ports.ts";
import { describeStartFailure } from "./start-failure.ts";
import { PortTakenError } from "./listen.ts";
import { startServer } from "./start.ts";
import { ServerIsRunningError } from "./take-place.ts";

/**
 * `server.js [--port <n>] [--background] [--headless] [--dev] [--lan [--lan-at <where>] [--name <host>]… [--cert <file> --key
 * <file> | --insecure]]`: the server of the data folder `AMPLIFY_HOME`.
 */
const { values } = parseArgs({
  options: {
    port: { type: "string" },
    background: { type: "boolean", default: false },
    headless: { type: "boolean", default: false },
    dev: { type: "boolean", default: false },
    lan: { type: "boolean", default: false },
    "lan-at": { type: "string" },
    name: { type: "string", multiple: true, default: [] },
    cert: { type: "string" },
    key: { type: "string" },
    insecure: { type: "boolean", default: false },
  },
});

function fail(message: string, code: number): never {
  console.error(message);
  process.exit(code);
}

const port = values.port === undefined ? null : Number(values.port);
if (port !== null && !(Number.isInteger(port) && port > 0 && port < 65_536))
  fail(`--port wants a number between 1 and 65535, not ${String(values.port)}.`, 2);

// Whatever we make is the person's own.
process.umask(0o077);
// Prisma's query compiler is WebAssembly: optimising it costs some 80 MB, and saves nothing on our few queries.
setFlagsFromString("--liftoff-only");
// The pages' framework swallows errors that come late; after one nobody knows what still holds.
for (const event of ["uncaughtException", "unhandledRejection"] as const) {
  process.on(event, (error: unknown) => {
    console.error(
      JSON.stringify({ at: new Date().toISOString(), level: "error", event, text: textOf(error) }),
    );
    process.exit(1);
  });
}

function lanOptions(): LanOptions {
  const { cert, key, insecure } = values;
  if ((cert === undefined) !== (key === undefined)) fail("--cert and --key go together.", 2);
  if (cert !== undefined && insecure)
    fail("With a certificate it is not insecure: leave one of the two out.", 2);
  const wrong = values.name.find((name) => !/^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(name));
  if (wrong !== undefined) fail(`${JSON.stringify(wrong)} is no host name.`, 2);
  const certificate = cert !== undefined && key !== undefined ? { cert, key } : null;
  return { at: values["lan-at"] ?? null, names: values.name, certificate, isInsecure: insecure };
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

const clock: Clock = {
  now: () => new Date(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

const home = path.resolve(process.env["AMPLIFY_HOME"] ?? path.join(homedir(), ".amplify"));
try {
  const server = await startServer({
    home,
    // Both `server/` and `dist/` are one below it.
    root: fileURLToPath(new URL("..", import.meta.url)),
    openInside,
    port,
    lan: values.lan ? lanOptions() : null,
    web: !values.headless,
    dev: values.dev,
    background: values.background,
    ownerName: userInfo().username,
    clock,
  });
  let asked = 0;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      asked += 1;
      if (asked > 1) process.exit(130);
      void server.stop(`Got ${signal}.`);
    });
  }
  // Who started us may close its terminal.
  if (values.background) process.on("SIGHUP", () => undefined);
  // Standard output is the terminal of whoever may see it; the link goes into no log.
  if (!values.background) {
    const lan = server.lan && { ...server.lan, link: await server.link("elsewhere") };
    console.log(welcome({ here: await server.link(), lan }));
  }
  await server.ended;
  process.exit(0);
} catch (error) {
  if (error instanceof ServerIsRunningError) fail(error.message, 3);
  if (error instanceof PortTakenError) fail(`${error.message} Choose another one, or leave --port out.`, 4);
  const trouble = describeStartFailure(error, home);
  if (trouble !== null) fail(trouble, 5);
  throw error;
}
