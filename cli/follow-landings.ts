import type { HttpClient } from "#lib/client/http.ts";
import type { LandingView } from "#lib/contract/wire.ts";
import { CliError } from "./connection.ts";
import { follow } from "./events.ts";

/** Orders landings and follows them to their ends; `order` answers them as they begin. */
export async function followLandings(
  client: HttpClient,
  order: () => Promise<readonly LandingView[]>,
  onAdvance: (landing: LandingView) => void,
): Promise<LandingView[]> {
  const stop = new AbortController();
  const open = new Map<string, LandingView>();
  try {
    // The stream is open before the order is given, so that no step of it is missed.
    for await (const news of follow(client, stop.signal)) {
      if (news.kind === "snapshot") {
        if (open.size > 0) continue;
        for (const landing of await order()) open.set(landing.id, landing);
      } else {
        for (const landing of news.facts.flatMap(({ changes }) => changes.landings ?? [])) {
          if (!open.has(landing.id)) continue;
          open.set(landing.id, landing);
          onAdvance(landing);
        }
      }
      if ([...open.values()].every(({ status }) => status !== "running")) return [...open.values()];
    }
  } finally {
    stop.abort();
  }
  throw new CliError(
    "The server ended before the landing did; it goes on when the server runs again.",
    "Look with `amplify session status`.",
  );
}
