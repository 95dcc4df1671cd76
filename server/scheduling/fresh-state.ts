import type { Backlog } from "./backlog.ts";
import type { BacklogState } from "./backlog-state.ts";

/** The backlog read anew: who asks for everything that is ready may have changed it just now. */
export async function freshState(backlog: Backlog): Promise<BacklogState> {
  // What went wrong is the repository's problem already; `get` refuses where nothing was ever read.
  await backlog.refresh().catch(() => undefined);
  return backlog.get();
}
