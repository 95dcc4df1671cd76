import type { ServerResponse } from "node:http";
import { z } from "zod";
import { logRequest } from "#lib/contract/wire.ts";
import type { Logs } from "#server/socket/logs.ts";
import { parsed } from "./dispatcher.ts";
import { createOutlet } from "./outlet.ts";

/** A query string has only words. */
const logQuery = logRequest.extend({
  step: z.coerce.number().pipe(logRequest.shape.step).default(0),
  offset: z.coerce.number().pipe(z.number().int().min(0)).nullable().default(null),
  limit: z.coerce.number().pipe(logRequest.shape.limit.unwrap()).default(262_144),
  follow: z.stringbool().default(false),
});

/**
 * `GET /api/log`: one window as JSON; with `follow=true` plain text instead, from the window's first byte on and as long as the
 * client listens. Where the file is replaced the stream ends, as its offsets no longer say anything.
 */
export async function streamLog(
  { response, query }: { response: ServerResponse; query: URLSearchParams },
  logs: Logs,
): Promise<unknown> {
  const request = parsed(logQuery, Object.fromEntries(query));
  let opened = await logs.open(request);
  if (!request.follow) return opened.window;

  const outlet = createOutlet(response);
  response.writeHead(200, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" });
  response.flushHeaders();
  response.write(opened.window.text);
  const { generation } = opened.window;
  while (!opened.reachesEnd && outlet.isOpen() && opened.window.generation === generation) {
    await outlet.drained();
    const { next } = opened.window;
    opened = await logs.open({ ...request, offset: next });
    response.write(opened.window.text);
    if (opened.window.next <= next) break;
  }
  if (!outlet.isOpen()) return undefined;
  const stop = opened.follow({
    group: null,
    behindBytes: outlet.behindBytes,
    drained: outlet.drained,
    setUpToDate: () => undefined,
    send: (bytes) => {
      if (generation !== 0 && bytes.generation !== generation) response.end();
      else response.write(bytes.text);
    },
  });
  response.once("close", stop);
  return undefined;
}
