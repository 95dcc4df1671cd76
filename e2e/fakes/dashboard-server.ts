/**
 * The page in front of a scripted inside, for development, screenshots and tests of components:
 * `tsx --tsconfig tsconfig.page.json e2e/fakes/dashboard-server.ts [port] [--built] [--still] [--empty|--long|--two|--lane] [--role viewer] [--insecure] [--hostile] [--broken|--refusing|--slow]`. It speaks the real wire and lets everybody in on loopback.
 */
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import next from "next";
import { Server } from "socket.io";
import type { Answer, ClientToServer, LogRef, LogWindow, ServerToClient } from "#lib/contract/wire.ts";
import { commandEnvelope, logRef, logRequest } from "#lib/contract/wire.ts";
import type { ReadName } from "#lib/contract/wire.ts";
import { roles } from "#lib/contract/wire.ts";
import { createPagePolicy } from "#server/gate/page-policy.ts";
import { Dashboard, Refusal } from "./dashboard/dashboard.ts";
import { lane } from "./dashboard/lane.ts";
import { Hostile } from "./dashboard/hostile.ts";
import { empty, full, long, two } from "./dashboard/story.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    built: { type: "boolean", default: false },
    still: { type: "boolean", default: false },
    empty: { type: "boolean", default: false },
    long: { type: "boolean", default: false },
    two: { type: "boolean", default: false },
    lane: { type: "boolean", default: false },
    role: { type: "string", default: "owner" },
    /** On a line that can be listened to. */
    insecure: { type: "boolean", default: false },
    hostile: { type: "boolean", default: false },
    /** Every read is refused. */
    broken: { type: "boolean", default: false },
    /** How things stand is refused twice. */
    refusing: { type: "boolean", default: false },
    /** Everything takes its time. */
    slow: { type: "boolean", default: false },
  },
});
const port = Number(positionals[0] ?? 4801);
const story = values.empty ? empty : values.long ? long() : values.two ? two : values.lane ? lane() : full;
const role = roles.find((each) => each === values.role) ?? "owner";
const dashboard = new Dashboard(story, role, values.insecure);
const app = next({ dir: process.cwd(), dev: !values.built, customServer: true, quiet: true });
await app.prepare();
const handle = app.getRequestHandler();

const setPolicy = createPagePolicy({ dev: !values.built, insist: false });
const hostile = values.hostile ? new Hostile() : null;
const signedIn = {
  ok: true,
  value: { kind: "signed-in", token: "a".repeat(43), name: "mara", role: "owner" },
};
const expired = {
  ok: false,
  problem: { code: "unauthorized", message: "This link has ended.", fix: "Ask for another." },
};
const server = createServer((request, response) => {
  if (request.url === "/api/login") {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(hostile?.dress(expired) ?? signedIn));
    return;
  }
  setPolicy(request, response);
  void handle(request, response);
});

const io = new Server<ClientToServer, ServerToClient>(server, { serveClient: false, maxHttpBufferSize: 1e7 });
const roomOf = ({ session, stream, step }: LogRef) => `${session} ${stream} ${String(step)}`;

/** Long enough that a page has to show something meanwhile. */
const slowMs = 1_500;
let refusals = values.refusing ? 2 : 0;

/** Runs, and answers with what came out or why it was refused. */
function answering<Output>(ack: (answer: Answer<Output>) => void, run: () => Output): void {
  const answer = answerOf(run);
  if (values.slow) setTimeout(() => ack(answer), slowMs);
  else ack(answer);
}

function answerOf<Output>(run: () => Output): Answer<Output> {
  try {
    const value = run();
    return { ok: true, value: hostile?.dress(value) ?? value };
  } catch (error) {
    const problem =
      error instanceof Refusal
        ? error.problem
        : { code: "invalid" as const, message: String(error), fix: null };
    return { ok: false, problem: hostile?.dress(problem) ?? problem };
  }
}

function refuse(): never {
  throw new Refusal("unavailable", "The database is locked.", "Close what else has it open.");
}

io.on("connection", (socket) => {
  socket.on("command", (envelope, ack) =>
    answering(ack, () => {
      const { name, input } = commandEnvelope.parse(envelope);
      return dashboard.command(name, input);
    }),
  );
  socket.on("read", (request, ack) =>
    answering(ack, () => {
      if (values.broken) refuse();
      const { name, input } = request as { name: ReadName; input: unknown };
      return dashboard.read(name, input);
    }),
  );
  socket.on("follow", (request, ack) =>
    answering(ack, () => {
      if (refusals-- > 0) refuse();
      void socket.join("facts");
      return dashboard.follow((request as { since: number | null }).since);
    }),
  );
  socket.on("log:open", (request, ack) =>
    answering(ack, (): LogWindow => {
      if (values.broken) refuse();
      const { offset, limit, follow, ...ref } = logRequest.parse(request);
      const text = dashboard.log(ref);
      const bytes = Buffer.from(hostile?.log(text) ?? text);
      const start = offset ?? Math.max(0, bytes.length - limit);
      const end = Math.min(bytes.length, start + limit);
      if (follow) void socket.join(roomOf(ref));
      return {
        generation: 1,
        offset: start,
        size: bytes.length,
        text: bytes.toString("utf8", start, end),
        next: end,
      };
    }),
  );
  socket.on("present", (_where, ack) => answering(ack, () => dashboard.attendance()));
  socket.on("log:close", (request, ack) =>
    answering(ack, () => {
      void socket.leave(roomOf(logRef.parse(request)));
      return null;
    }),
  );
});
dashboard.on("facts", (facts) => io.to("facts").emit("facts", hostile?.dress(facts, "pushed.") ?? facts));
dashboard.on("pulse", (pulses) => io.to("facts").emit("pulse", pulses));
dashboard.on("log", (ref, text) => {
  const next = Buffer.byteLength(dashboard.log(ref));
  io.to(roomOf(ref)).emit("log:bytes", {
    ...ref,
    generation: 1,
    offset: next - Buffer.byteLength(text),
    text,
    next,
  });
});

let ticks = 0;
if (!values.still) setInterval(() => dashboard.tick(++ticks), 1000);
server.listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${String(port)}`));
