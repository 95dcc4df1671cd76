"use client";

import { useEffect, useMemo } from "react";
import type { PresentPerson, Whereabouts } from "#lib/contract/wire.ts";
import { useLive } from "./live-provider.tsx";
import { useSelected } from "./use-model.ts";

/** The others who are here and fit, by name; never the person who looks. */
export function useOthers(fits: (person: PresentPerson) => boolean): readonly PresentPerson[] {
  const store = useLive();
  const others = useSelected(store.subscribe, store.company, ({ you, here }) =>
    [...here.values()]
      .filter((person) => person.id !== you && fits(person))
      .sort((a, b) => a.name.localeCompare(b.name)),
  );
  return others ?? [];
}

/** Tells the others that this window shows the session, while it can be seen. */
export function useLooking(session: Whereabouts["session"]): void {
  const store = useLive();
  useEffect(() => {
    const tell = () => store.connection().presence.look(document.hidden ? null : session);
    // The connection is made in an effect of the provider, which runs after those of its children.
    queueMicrotask(tell);
    document.addEventListener("visibilitychange", tell);
    return () => {
      document.removeEventListener("visibilitychange", tell);
      queueMicrotask(() => store.connection().presence.look(null));
    };
  }, [store, session]);
}

type Question = NonNullable<Whereabouts["answering"]>;

/** Tells the others that an answer is being written: `touch` with each change, `rest` when there is no draft any more. */
export function useWriting({ session, question }: Question): { touch: () => void; rest: () => void } {
  const store = useLive();
  const sign = useMemo(() => {
    const presence = () => store.connection().presence;
    return {
      touch: () => presence().write({ session, question }),
      rest: () => presence().rest({ session, question }),
    };
  }, [store, session, question]);
  useEffect(() => sign.rest, [sign]);
  return sign;
}
