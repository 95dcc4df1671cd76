import type { Attendance, PresenceNews, PresentPerson, Whereabouts } from "#lib/contract/wire.ts";
import { answeringLeaseMs } from "#lib/contract/wire.ts";
import type { Clock } from "#server/ports.ts";
import type { Actor } from "#server/application.ts";

/** Who is here and what they are at, known only while their windows are open. */
export interface Presence {
  /** Puts a window's whereabouts in place of what it told before. */
  tell(window: string, actor: Actor, whereabouts: Whereabouts): Attendance;
  /** Whoever has this window may do something else by now. */
  renew(window: string, actor: Actor): void;
  /** The window is closed, or its line is cut. */
  leave(window: string): void;
  onNews(listener: (news: PresenceNews) => void): () => void;
  stop(): void;
}

interface Window {
  readonly actor: Actor;
  readonly whereabouts: Whereabouts;
  /** Ends the lease of an answer in the making. */
  readonly forget: () => void;
}

/** Changes within this are told together: however fast people type, everybody hears four times a second at most. */
const gatherMs = 250;
/** Places of one person that are told; who has more windows is not looking at them. */
const mostPlaces = 8;
const nothing = () => undefined;

export function createPresence({ clock }: { clock: Pick<Clock, "after"> }): Presence {
  /** The one that told last is the last. */
  const windows = new Map<string, Window>();
  const told = new Map<string, string>();
  const changed = new Set<string>();
  const listeners = new Set<(news: PresenceNews) => void>();
  let cancel: (() => void) | null = null;

  function person(id: string): PresentPerson | null {
    const theirs = [...windows.values()].filter(({ actor }) => actor.person === id).reverse();
    const [newest] = theirs;
    if (!newest) return null;
    const places = theirs.map(({ whereabouts }) => whereabouts);
    const sessions = places.flatMap(({ session }) => session ?? []);
    const answering = places.flatMap((place) => place.answering ?? []);
    return {
      id,
      name: newest.actor.name,
      role: newest.actor.role,
      sessions: [...new Set(sessions)].slice(0, mostPlaces),
      answering: [
        ...new Map(answering.map((each) => [`${each.session}/${each.question}`, each])).values(),
      ].slice(0, mostPlaces),
    };
  }

  function tellLater(id: string) {
    changed.add(id);
    cancel ??= clock.after(gatherMs, () => {
      cancel = null;
      const here: PresentPerson[] = [];
      const gone: string[] = [];
      for (const each of changed) {
        const view = person(each);
        const text = view && JSON.stringify(view);
        if (text === (told.get(each) ?? null)) continue;
        if (view && text) {
          told.set(each, text);
          here.push(view);
        } else {
          told.delete(each);
          gone.push(each);
        }
      }
      changed.clear();
      if (here.length + gone.length > 0) for (const listener of listeners) listener({ here, gone });
    });
  }

  function put(id: string, actor: Actor, whereabouts: Whereabouts) {
    windows.get(id)?.forget();
    windows.delete(id);
    const forget = whereabouts.answering ? clock.after(answeringLeaseMs, () => stopAnswering(id)) : nothing;
    windows.set(id, { actor, whereabouts, forget });
    tellLater(actor.person);
  }

  function stopAnswering(id: string) {
    const window = windows.get(id);
    if (!window) return;
    windows.set(id, {
      ...window,
      whereabouts: { ...window.whereabouts, answering: null },
      forget: nothing,
    });
    tellLater(window.actor.person);
  }

  return {
    tell(id, actor, whereabouts) {
      put(id, actor, whereabouts);
      const ids = new Set([...windows.values()].map((window) => window.actor.person));
      return { you: actor.person, here: [...ids].flatMap((each) => person(each) ?? []) };
    },
    renew(id, actor) {
      const window = windows.get(id);
      if (!window) return;
      windows.set(id, { ...window, actor });
      tellLater(actor.person);
    },
    leave(id) {
      const window = windows.get(id);
      if (!window) return;
      window.forget();
      windows.delete(id);
      tellLater(window.actor.person);
    },
    onNews(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop() {
      cancel?.();
      for (const { forget } of windows.values()) forget();
      windows.clear();
      listeners.clear();
    },
  };
}
