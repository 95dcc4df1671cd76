import type { IncomingMessage } from "node:http";

/**
 * Headers that a framework takes as said by itself or by a trusted proxy. From outside they are only
 * a way in, and there is no proxy in front of us.
 */
const foreign =
  /^(?:x-middleware-|x-nextjs-|x-next-|x-invoke-|x-matched-path$|x-forwarded-|x-real-ip$|x-rewrite-|x-original-|x-http-method|x-prerender-|next-resume$|forwarded$|via$|content-security-policy|service-worker-)/;

/** Takes such headers out, in every form in which the message offers them. */
export function dropForeignHeaders(request: IncomingMessage): void {
  const { headers, headersDistinct, rawHeaders } = request;
  for (const name of Object.keys(headers)) {
    if (!foreign.test(name)) continue;
    Reflect.deleteProperty(headers, name);
    Reflect.deleteProperty(headersDistinct, name);
  }
  const kept: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = "", value = ""] = rawHeaders.slice(at, at + 2);
    if (!foreign.test(name.toLowerCase())) kept.push(name, value);
  }
  request.rawHeaders = kept;
}

/** Headers that decide who comes in, and so may be there only once. */
const single = new Set([
  "host",
  "origin",
  "authorization",
  "cookie",
  "x-amplify-token",
  "sec-fetch-site",
  "content-type",
  "content-length",
]);

export function hasDoubledHeader(request: IncomingMessage): boolean {
  const seen = new Set<string>();
  return request.rawHeaders.some((raw, index) => {
    const name = raw.toLowerCase();
    if (index % 2 === 1 || !single.has(name)) return false;
    return seen.size === seen.add(name).size;
  });
}
