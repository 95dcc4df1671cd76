"use client";

import { useEffect, useState } from "react";
import { problemOf } from "#lib/client/refused.ts";
import type { Problem, ReadInput, ReadName, ReadOutput } from "#lib/contract/wire.ts";
import { useLive } from "./live-provider.tsx";

export interface ReadState<Output> {
  /** What was read last; kept while it is read again, so that nothing jumps. */
  readonly value: Output | null;
  readonly problem: Problem | null;
  readonly loading: boolean;
}

/** Reads, and reads again whenever `version` changes, such as a session's head or status. */
export function useRead<Name extends ReadName>(
  name: Name,
  input: ReadInput<Name>,
  version: string,
): ReadState<ReadOutput<Name>> {
  const store = useLive();
  const query = JSON.stringify(input);
  const [state, setState] = useState<ReadState<ReadOutput<Name>> & { query: string }>({
    query,
    value: null,
    problem: null,
    loading: true,
  });
  useEffect(() => {
    let isCurrent = true;
    const read = async () => {
      try {
        const value = await store.connection().read(name, JSON.parse(query) as ReadInput<Name>);
        if (isCurrent) setState({ query, value, problem: null, loading: false });
      } catch (error) {
        if (isCurrent) {
          setState((old) => ({ query, value: old.value, problem: problemOf(error), loading: false }));
        }
      }
    };
    // The connection is made in an effect of the provider, which runs after those of its children.
    queueMicrotask(() => void read());
    return () => {
      isCurrent = false;
    };
  }, [store, name, query, version]);
  return state.query === query ? state : { value: null, problem: null, loading: true };
}
