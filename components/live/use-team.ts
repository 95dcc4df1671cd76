"use client";

import type { ReadOutput } from "#lib/contract/wire.ts";
import { useModel } from "./use-model.ts";
import type { ReadState } from "./use-read.ts";
import { useRead } from "./use-read.ts";

export type TeamView = ReadOutput<"team">;

/** Who is in the team and how they come in; read again whenever somebody changed it. */
export function useTeam(): ReadState<TeamView> {
  const changed = useModel((model) => model.recent.findLast(({ name }) => name === "team:changed")?.seq ?? 0);
  const company = useModel((model) => model.me.role);
  return useRead("team", {}, `${String(changed ?? "")} ${company ?? ""}`);
}
