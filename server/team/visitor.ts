import type { Actor } from "#server/application.ts";
import type { PersonRow } from "./ports.ts";

/** What a request came over. */
export interface Line {
  /** Only this machine can have sent it. */
  readonly isLoopback: boolean;
  /** Others can listen to it, so what owners do is not done over it. */
  readonly isConfined: boolean;
}

/** Somebody who was let in. `credential` is the hash of the login or token, null for this machine's own. */
export interface Visitor {
  readonly actor: Actor;
  readonly credential: string | null;
  readonly line: Line;
}

/** The part of a credential's hash by which people tell it apart. */
export function credentialId(hash: string): string {
  return hash.slice(0, 16);
}

/** A person who acts, with all that they may at the moment. */
export function actorOf(
  person: PersonRow,
  how: Pick<Actor, "via"> & Partial<Pick<Actor, "name" | "role" | "isFresh" | "isConfined">>,
): Actor {
  const { id, name, role, lands } = person;
  return { person: id, name, role, lands, isFresh: true, isConfined: false, ...how };
}
