import type { IncomingHttpHeaders } from "node:http";

/**
 * Where a request comes from, as the browser says it. `own`: one of our pages; `followed`: a person followed a link
 * or typed the address; `unsaid`: nobody says, as scripts do; `foreign`: another site, or another port of this host.
 */
export type Source = "own" | "followed" | "unsaid" | "foreign";

export function sourceOf(headers: IncomingHttpHeaders, origins: ReadonlySet<string>): Source {
  const { origin } = headers;
  const site = headers["sec-fetch-site"];
  if (origin !== undefined) {
    const isOwn = origins.has(origin) && (site === undefined || site === "same-origin");
    return isOwn ? "own" : "foreign";
  }
  if (site === undefined) return "unsaid";
  if (site === "same-origin") return "own";
  const isFollowed = headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document";
  return isFollowed ? "followed" : "foreign";
}
