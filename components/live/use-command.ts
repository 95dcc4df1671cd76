"use client";

import { useCallback, useState } from "react";
import { toast } from "#components/ui/toast.ts";
import { problemOf } from "#lib/client/refused.ts";
import type { CommandInput, CommandName, CommandOutput } from "#lib/contract/wire.ts";
import { useLive } from "./live-provider.tsx";

/** Runs one command; a refusal is shown to the person, with what to do, and gives null. */
export function useCommand<Name extends CommandName>(
  name: Name,
): {
  run: (input: CommandInput<Name>) => Promise<CommandOutput<Name> | null>;
  busy: boolean;
} {
  const store = useLive();
  const [running, setRunning] = useState(0);
  const run = useCallback(
    async (input: CommandInput<Name>) => {
      setRunning((count) => count + 1);
      try {
        return await store.connection().command(name, input);
      } catch (error) {
        const { message, fix } = problemOf(error);
        toast.error(message, { description: fix ?? undefined, duration: 12_000 });
        return null;
      } finally {
        setRunning((count) => count - 1);
      }
    },
    [store, name],
  );
  return { run, busy: running > 0 };
}
