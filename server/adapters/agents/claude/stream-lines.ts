import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { AgentEvent } from "#lib/domain/agent-events.ts";
import { parseClaudeLine } from "#lib/domain/claude-stream.ts";

/** The events of a stream's file, in order; none where there is no file. */
export async function* eventsOf(file: string): AsyncGenerator<AgentEvent> {
  const input = createReadStream(file, "utf8");
  const exists = await new Promise<boolean>((resolve, reject) => {
    input.once("ready", () => resolve(true));
    input.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") resolve(false);
      else reject(error);
    });
  });
  if (!exists) return;
  for await (const line of createInterface({ input, crlfDelay: Infinity })) yield* parseClaudeLine(line);
}
