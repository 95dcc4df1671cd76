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

/** Stands in a stream where its file was cut or replaced: what comes next is the file from its beginning. */
const gap = "\n— the log was cut or replaced; it goes on from its beginning —\n";

/**
 * `GET /api/log`: one window as JSON; with `follow=true` plain text instead, from the window's first byte on and as long as the
 * client listens. Where the file is cut or replaced a line says so.
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
  let { generation } = opened.window;
  const write = (part: { readonly generation: number; readonly text: string }) => {
    // 0: there was no file yet.
    if (generation !== 0 && part.generation !== generation) response.write(gap);
    ({ generation } = part);
    response.write(part.text);
  };
  write(opened.window);
  while (!opened.reachesEnd && outlet.isOpen()) {
    await outlet.drained();
    const { next } = opened.window;
    opened = await logs.open({ ...request, offset: next });
    const isAnother = opened.window.generation !== generation;
    if (isAnother) opened = await logs.open({ ...request, offset: 0 });
    write(opened.window);
    if (!isAnother && opened.window.next <= next) break;
  }
  if (!outlet.isOpen()) return undefined;
  const stop = opened.follow({
    group: null,
    behindBytes: outlet.behindBytes,
    drained: outlet.drained,
    setUpToDate: () => undefined,
    send: write,
  });
  response.once("close", stop);
  return undefined;
}
