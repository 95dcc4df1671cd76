import { accepted, problemOf } from "#lib/client/refused.ts";
import type { Answer, Problem } from "#lib/contract/wire.ts";
import { keepHeaderToken } from "./header-token.ts";

/** Trades a one-time token for a session: a cookie, and the header token, which is kept here. Null when it worked. */
export async function redeem(token: string): Promise<Problem | null> {
  try {
    const response = await fetch("/api/login", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token }),
    });
    const { token: header } = accepted((await response.json()) as Answer<{ token: string }>);
    keepHeaderToken(header);
    return null;
  } catch (error) {
    return problemOf(error);
  }
}
