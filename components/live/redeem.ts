import { accepted, problemOf } from "#lib/client/refused.ts";
import type { Answer, LoginAnswer, Problem } from "#lib/contract/wire.ts";
import { keepHeaderToken } from "./header-token.ts";

/**
 * Trades a one-time token for a session: a cookie, and the header token, which is kept here. Null when it worked. A link that
 * lets in several wants a name from each: without one, `name-wanted` is answered and the link is good still.
 */
export async function redeem(token: string, name?: string): Promise<Problem | "name-wanted" | null> {
  try {
    const response = await fetch("/api/login", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token, ...(name === undefined ? {} : { name }) }),
    });
    const answer = accepted((await response.json()) as Answer<LoginAnswer>);
    if (answer.kind === "name-wanted") return "name-wanted";
    keepHeaderToken(answer.token);
    return null;
  } catch (error) {
    return problemOf(error);
  }
}
