"use client";

import { useMemo } from "react";
import type { CommandName, MeView, ReadName, RoleName } from "#lib/contract/wire.ts";
import { useModel } from "./use-model.ts";

/** What the person here may do; the server decides it anew for everything that they do. */
export interface May {
  /** Null until it is known. */
  readonly role: RoleName | null;
  /** Why not, as a sentence for them; null where they may. `repository` narrows the right to land. */
  readonly whyNot: (name: CommandName | ReadName, repository?: string) => string | null;
}

export function useMay(): May {
  const me = useModel((model) => model.me);
  return useMemo(
    () => ({
      role: me?.role ?? null,
      whyNot: (name, repository) => whyNot(me, name, repository),
    }),
    [me],
  );
}

const lands: ReadonlySet<string> = new Set(["merge:start", "merge:cancel", "merge:revert"]);

export function whyNot(me: MeView | null, name: CommandName | ReadName, repository?: string): string | null {
  if (!me) return "Not connected yet.";
  const refused = me.refused[name];
  if (refused !== undefined) return refused;
  const isElsewhere =
    lands.has(name) &&
    repository !== undefined &&
    me.lands !== null &&
    !me.lands.some((id) => id === repository);
  return isElsewhere ? "You may not land in this repository: an owner can grant it." : null;
}
