import type { IncomingHttpHeaders } from "node:http";
import { insideHeader } from "#lib/contract/wire.ts";
import { isSessionId } from "#lib/domain/ids.ts";

/** What a request brings along; null where it does not, or brings it twice. */
export interface Credentials {
  readonly bearer: string | null;
  readonly cookie: string | null;
  readonly header: string | null;
  /** The session that the command says it runs in; it takes rights away and gives none. */
  readonly inside: string | null;
}

export function credentialsOf(headers: IncomingHttpHeaders, cookieName: string): Credentials {
  const header = headers["x-amplify-token"];
  return {
    bearer: /^Bearer ([A-Za-z0-9._~+/-]{1,500})$/.exec(headers.authorization ?? "")?.[1] ?? null,
    cookie: cookieOf(headers.cookie ?? "", cookieName),
    header: typeof header === "string" ? header : null,
    inside: insideOf(headers[insideHeader]),
  };
}

function insideOf(header: string | string[] | undefined): string | null {
  if (header === undefined) return null;
  return typeof header === "string" && isSessionId(header) ? header : "a session";
}

/** Twice the same name means that somebody else set one of them: neither counts. */
function cookieOf(text: string, name: string): string | null {
  const values = text
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${name}=`))
    .map((part) => part.slice(name.length + 1));
  return values.length === 1 ? (values[0] ?? null) : null;
}

/** `maxAgeS` 0 takes the cookie back. */
export function cookieLine(
  name: string,
  value: string,
  options: { maxAgeS: number; secure: boolean },
): string {
  const secure = options.secure ? "; Secure" : "";
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${options.maxAgeS}${secure}`;
}
