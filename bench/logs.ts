/**
 * A line that an agent writes → the same line in a browser's socket, in milliseconds: 200 lines a second into one log
 * that 20 clients follow, over the whole server (gate, redaction, socket.io). Then a burst of 20,000 lines at once:
 * lines a second that reach all of them. Run with `npm run bench -- logs`.
 */
import { appendFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { ask, openHouse } from "#server/fixtures/house.ts";
import { report } from "./report.ts";

const clients = 20;
const linesPerSecond = 200;
const seconds = 15;
const burst = 20_000;

const session = "session-bd-1-abc123";
const house = await openHouse();
const folder = join(house.logs, session);
const file = join(folder, "output.log");
await mkdir(folder);
await appendFile(file, "");

const latencies: number[] = [];
const seen: number[] = [];
let whole = () => {};
for (let index = 0; index < clients; index += 1) {
  const socket = await house.connect(await house.signIn());
  seen[index] = 0;
  let rest = "";
  socket.on("log:bytes", ({ text }) => {
    const now = performance.now();
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.startsWith("at ")) latencies.push(now - Number(line.split(" ")[1]));
    seen[index] = (seen[index] ?? 0) + lines.length;
    if (seen.every((count) => count >= seconds * linesPerSecond + burst)) whole();
  });
  const answer = await ask(socket, "log:open", {
    session,
    stream: "output",
    step: 0,
    offset: 0,
    follow: true,
  });
  if (!answer.ok) throw new Error(answer.problem.message);
}

const padding = "x".repeat(80);
for (let line = 0; line < seconds * linesPerSecond; line += 1) {
  await appendFile(file, `at ${String(performance.now())} ${padding}\n`);
  await setTimeout(1000 / linesPerSecond - 1);
}
const done = new Promise<void>((resolve) => (whole = resolve));
const begin = performance.now();
await appendFile(file, `${padding}\n`.repeat(burst));
await done;
const took = performance.now() - begin;

const sorted = latencies.toSorted((a, b) => a - b);
const at = (share: number) => (sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN).toFixed(1);
console.log(
  `log line → ${String(clients)} clients, ${String(linesPerSecond)} lines/s: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms (n=${String(sorted.length)})`,
);
report("burst of 20,000 lines", [
  { what: "lines/s to all 20 clients together", unit: "", values: [(burst * clients * 1000) / took] },
]);
await house.close();
