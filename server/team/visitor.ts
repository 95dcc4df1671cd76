import type { Actor } from "#server/application.ts";
import type { PersonRow } from "./ports.ts";

/**
 * What a request came over: this machine's own loopback, the network under TLS, or the network as plain text, where others
 * listen. A login is good over the line that it began on, so nothing overheard is of use where nobody listens.
 */
export interface Line {
  readonly kind: "machine" | "tls" | "plain";
}

/** Over what others listen to, owners do nothing. */
export function isConfinedTo({ kind }: Line): boolean {
  return kind === "plain";
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
