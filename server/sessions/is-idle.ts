import { isWorking } from "#lib/domain/session.ts";
import type { SessionStore } from "./ports.ts";

/** No session works or waits, nothing lands, and no loop runs: nobody would miss the server. */
export async function isIdle(store: Pick<SessionStore, "open" | "loops" | "landings">): Promise<boolean> {
  const open = await store.open(null);
  const isBusy = open.some(
    ({ state: { status } }) =>
      isWorking(status) || ["queued", "waiting", "outdated", "merging"].includes(status),
  );
  if (isBusy || (await store.loops({ status: "running", limit: 1 })).length > 0) return false;
  return (await store.landings({ limit: 200 })).every(({ status }) => status !== "running");
}
