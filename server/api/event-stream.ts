import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import type { Fact } from "#lib/contract/wire.ts";
import type { Application } from "#server/application.ts";
import type { Visitor } from "#server/team/visitor.ts";
import { parsed } from "./dispatcher.ts";
import { createOutlet } from "./outlet.ts";

const sinceSchema = z.coerce.number().int().min(0).nullable();
const beatEveryMs = 15_000;
/** Who leaves this much unread is hung up on; its next request says what it has. */
const slowBytes = 4 * 1_048_576;

/**
 * `GET /api/events?since=`: server-sent events. First `snapshot` or `facts` as `follow` answers, then `facts` as they come;
 * every event's id is its last fact, so that `Last-Event-ID` resumes.
 */
export async function streamEvents(
  call: { request: IncomingMessage; response: ServerResponse; query: URLSearchParams; visitor: Visitor },
  application: Pick<Application, "follow" | "onFacts">,
): Promise<void> {
  const { request, response } = call;
  const since = parsed(sinceSchema, request.headers["last-event-id"] ?? call.query.get("since"));
  const outlet = createOutlet(response);
  let last: number | null = null;
  const early: Fact[] = [];
  const stop = application.onFacts((facts) => {
    if (last === null) early.push(...facts);
    else tell(facts);
  });

  function send(event: string, id: number, data: unknown): void {
    response.write(`event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`);
  }
  function tell(facts: readonly Fact[]): void {
    const news = facts.filter(({ seq }) => seq > (last ?? 0));
    last = news.at(-1)?.seq ?? last;
    if (news.length > 0 && last !== null) send("facts", last, news);
    if (outlet.behindBytes() > slowBytes) response.destroy();
  }

  try {
    const answer = await application.follow(since, { actor: call.visitor.actor });
    response.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
    });
    response.flushHeaders();
    if (answer.kind === "snapshot") {
      last = answer.snapshot.seq;
      send("snapshot", last, answer.snapshot);
    } else {
      last = since ?? 0;
      tell(answer.facts);
    }
    tell(early);
  } catch (error) {
    stop();
    throw error;
  }
  if (response.closed) {
    stop();
    return;
  }
  const beat = setInterval(() => response.write(": still here\n\n"), beatEveryMs);
  response.once("close", () => {
    clearInterval(beat);
    stop();
  });
}
