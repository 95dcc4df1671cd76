import type { FailKind } from "./directives.ts";
import type { Scene } from "./scene.ts";
import { Over } from "./stream.ts";

/** The next thing that it does is to speak plain text, as a program does that knows no stream. */
export function speaksNoStream({ conversation, script }: Scene): boolean {
  const next = script.acts[conversation.section][conversation.done];
  return next?.kind === "fail" && next.how === "plain" && conversation.failed.length === 0;
}

/** Ends the process in the way that was ordered. */
export async function fail({ stream, pause }: Scene, how: FailKind): Promise<never> {
  switch (how) {
    case "crash":
      process.stderr.write("The rehearsal agent crashed, as its item told it to.\n");
      throw new Over(1);
    case "killed":
      process.kill(process.pid, "SIGKILL");
      return forever();
    case "rate-limit":
      for (const attempt of [1, 2]) {
        stream.note("api_retry", {
          attempt,
          max_retries: 2,
          retry_delay_ms: 500,
          error_status: 429,
          error: "rate_limit",
        });
        await pause();
      }
      return stream.failAsService(429, "API Error: 429 this request would exceed the rate limit (rehearsed)");
    case "overloaded":
      return stream.failAsService(529, "API Error: 529 Overloaded (rehearsed)");
    case "credit":
      return stream.failAsService(400, "Credit balance is too low (rehearsed)");
    case "no-result":
      stream.say("That should do.");
      throw new Over(0);
    case "plain":
      process.stdout.write("All done, as far as I can tell.\n");
      throw new Over(0);
    case "hang":
      return forever();
    case "no-change":
      stream.finish("Nothing had to change\n\nThe repository does all that the item asks for.");
      throw new Over(0);
  }
}

/** Alive and silent. */
function forever(): Promise<never> {
  return new Promise(() => setInterval(() => undefined, 1 << 30));
}
