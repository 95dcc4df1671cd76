"use client";

import type { RoleName } from "#lib/contract/wire.ts";
import { useModel } from "./use-model.ts";

/** What the signed-in person may do; the server checks it again. */
export function useMay(): { operate: boolean; land: boolean; role: RoleName | null } {
  const role = useModel(({ me }) => me.role);
  return { operate: role === "operator" || role === "owner", land: role === "owner", role };
}
