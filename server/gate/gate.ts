import type { IncomingMessage } from "node:http";
import type { Team } from "#server/team/team.ts";
import type { Line, Visitor } from "#server/team/visitor.ts";
import type { Addresses } from "./addresses.ts";
import { credentialsOf } from "./credentials.ts";
import { dropForeignHeaders, hasDoubledHeader } from "./foreign-headers.ts";
import { plainPath } from "./plain-path.ts";
import type { Refusal } from "./refusal.ts";
import { refusal } from "./refusal.ts";
import { sourceOf } from "./source.ts";

/**
 * What a request is for. `public`: the login page and its files; `page`: any other page; `read`: data; `effect`: changes
 * something; `login`: redeems a link; `upgrade`: a socket; `handshake` and `polling`: the same over plain requests, reading
 * and writing, where the header token comes with the first packet.
 */
export type Purpose = "public" | "page" | "read" | "effect" | "login" | "handshake" | "polling" | "upgrade";

/** A request that came through. `visitor` is null only where `purpose` is `public` or `login`. */
export interface Admission {
  readonly path: string;
  readonly purpose: Purpose;
  readonly visitor: Visitor | null;
  readonly entrance: Entrance;
}

/** One of the addresses that the server listens at: what is true of everything that comes in there. */
export interface Entrance extends Line {
  readonly addresses: Addresses;
  readonly cookieName: string;
}

export interface Gate {
  /** `purposeOf` sees only paths that mean one thing. */
  admit(
    request: IncomingMessage,
    purposeOf: (method: string, path: string) => Purpose,
  ): Promise<{ admission: Admission } | { refusal: Refusal }>;
}

const mustBeOwn: ReadonlySet<Purpose> = new Set(["effect", "handshake", "polling", "upgrade"]);
/** Browsers leave the origin out of nothing but their own pages' GET. */
const mustSayOrigin: ReadonlySet<Purpose> = new Set(["effect", "polling", "upgrade"]);
/** A cookie goes to every port of its host, so alone it opens pages, which hold no data, and nothing else. */
const mustBringHeader: ReadonlySet<Purpose> = new Set(["read", "effect"]);
const signIn = { fix: "Run `amplify open` for a one-time link." };

/**
 * Decides in a fixed order who comes in: host, form, source, session. Roles are checked where the work is done. Nothing
 * further in may let in what this refused, and nothing reaches the server but through it.
 */
export function createGate(options: { entrance: Entrance; team: Team }): Gate {
  const { entrance, team } = options;
  const { addresses, cookieName } = entrance;

  async function visitorOf(request: IncomingMessage, purpose: Purpose): Promise<Visitor | Refusal> {
    const { bearer, cookie, header, inside } = credentialsOf(request.headers, cookieName);
    const source = sourceOf(request.headers, addresses.origins);
    if (request.headers.authorization !== undefined) {
      const visitor = bearer === null ? null : await team.byBearer(bearer, entrance);
      if (!visitor) return refusal("unauthenticated", "This token is not valid here.", signIn);
      return inside === null ? visitor : { ...visitor, actor: { ...visitor.actor, inside } };
    }
    const visitor = cookie === null ? null : await team.byCookie(cookie, entrance);
    if (!visitor) return refusal("unauthenticated", "You are not signed in.", signIn);
    // A browser that does not say where an effect or a socket comes from is not showing one of our pages.
    if (mustBeOwn.has(purpose) && source !== "own")
      return refusal("forbidden", "This came from another page.");
    if (mustSayOrigin.has(purpose) && request.headers.origin === undefined)
      return refusal("forbidden", "This does not say which page it came from.");
    if (mustBringHeader.has(purpose) && !(header !== null && (await team.holdsHeader(visitor, header))))
      return refusal("forbidden", "The header X-Amplify-Token is missing or wrong.", signIn);
    return visitor;
  }

  return {
    async admit(request, purposeOf) {
      const { host } = request.headers;
      if (hasDoubledHeader(request))
        return { refusal: refusal("invalid", "A header that may be there once is there twice.") };
      if (host === undefined || !addresses.hosts.has(host))
        return { refusal: refusal("invalid", "This server does not answer to that name.", { status: 421 }) };
      dropForeignHeaders(request);
      const path = plainPath(request.url);
      if (path === null) return { refusal: refusal("invalid", "This address is not well formed.") };
      const purpose = purposeOf(request.method ?? "", path);
      const source = sourceOf(request.headers, addresses.origins);
      // Following a link from elsewhere may show a page and nothing more.
      const isFollowing = source === "followed" && (purpose === "page" || purpose === "public");
      if (source === "foreign" || (source === "followed" && !isFollowing))
        return { refusal: refusal("forbidden", "This came from another site.") };
      if (purpose === "public") return { admission: { path, purpose, visitor: null, entrance } };
      if (purpose === "login") {
        if (request.headers.origin !== undefined)
          return { admission: { path, purpose, visitor: null, entrance } };
        return { refusal: refusal("forbidden", "Only our own page signs in.") };
      }
      const visitor = await visitorOf(request, purpose);
      return "problem" in visitor
        ? { refusal: visitor }
        : { admission: { path, purpose, visitor, entrance } };
    },
  };
}
