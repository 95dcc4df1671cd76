import type { RoleName } from "#lib/contract/wire.ts";

/** Somebody who may come in. Instants are RFC 3339, UTC. */
export interface PersonRow {
  readonly id: string;
  readonly name: string;
  readonly role: RoleName;
  readonly createdAt: string;
  readonly revokedAt: string | null;
}

/** A browser that signed in. Hashes are SHA-256 in hex; the tokens themselves are never stored. */
export interface LoginRow {
  readonly hash: string;
  readonly headerHash: string;
  readonly personId: string;
  readonly createdAt: string;
  readonly seenAt: string;
  readonly revokedAt: string | null;
  readonly address: string;
  readonly userAgent: string;
}

/** A link that lets one browser in, once. `personId` is null where redeeming it makes a new person. */
export interface LinkRow {
  readonly hash: string;
  readonly name: string;
  readonly role: RoleName;
  readonly personId: string | null;
  readonly createdAt: string;
  readonly expiresAt: string;
}

export interface TeamStore {
  /** The person with this id; made when there is none. */
  ensurePerson(person: Omit<PersonRow, "revokedAt">): Promise<PersonRow>;
  people(): Promise<PersonRow[]>;
  addLink(link: LinkRow): Promise<void>;
  /**
   * Uses a link up: exactly one of many concurrent calls gets it. Null when it is unknown, used or expired at `at`.
   */
  takeLink(hash: string, at: string): Promise<LinkRow | null>;
  addLogin(login: Omit<LoginRow, "revokedAt">): Promise<void>;
  /** The login and its person, whether revoked or not. */
  login(hash: string): Promise<{ login: LoginRow; person: PersonRow } | null>;
  seen(hash: string, at: string): Promise<void>;
  setHeaderHash(hash: string, headerHash: string): Promise<void>;
  revokeLogin(hash: string, at: string): Promise<void>;
  /** The person and all logins of theirs; answers the hashes of those logins. */
  revokePerson(id: string, at: string): Promise<string[]>;
  audit(entry: { at: string; actor: string; action: string; target: string; outcome: string }): Promise<void>;
}
