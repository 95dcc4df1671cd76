import type { RoleName } from "#lib/contract/wire.ts";
import type { RepositoryId } from "#lib/domain/ids.ts";

/** Somebody who may come in. Instants are RFC 3339, UTC. */
export interface PersonRow {
  readonly id: string;
  readonly name: string;
  readonly role: RoleName;
  /** Where an operator may land. */
  readonly lands: readonly RepositoryId[];
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
  /** The kind of line that it began on, and counts on. */
  readonly line: string;
}

/** A link that lets a browser in: once, or several times where it is `reusable`. */
export interface LinkRow {
  readonly kind: "link";
  readonly hash: string;
  readonly name: string;
  readonly role: RoleName;
  /** Whose further browser it lets in; null where redeeming it makes a new person. */
  readonly personId: string | null;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly usedAt: string | null;
  readonly revokedAt: string | null;
  readonly reusable: boolean;
  readonly uses: number;
  /** When the login began that made it: what it lets in counts from there, too. */
  readonly since: string | null;
  /** Made over a line that can be listened to, so it lets in over such a line only. */
  readonly isConfined: boolean;
}

/** A bearer token for scripts. */
export interface BearerRow {
  readonly kind: "bearer";
  readonly hash: string;
  readonly name: string;
  readonly role: RoleName;
  readonly personId: string;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  readonly seenAt: string | null;
}

/** What a decision writes about the team; whole rows, new or in the place of old ones. */
export interface TeamChange {
  readonly people?: readonly PersonRow[];
  readonly logins?: readonly LoginRow[];
  readonly links?: readonly LinkRow[];
  readonly bearers?: readonly BearerRow[];
}

export interface AuditRow {
  readonly seq: number;
  readonly at: string;
  readonly actor: string;
  readonly person: string | null;
  readonly via: string;
  readonly action: string;
  readonly target: string;
  readonly outcome: string;
  readonly detail: string;
}

export interface AuditQuery {
  /** Id or name. */
  readonly actor: string | null;
  /** An action, or the beginning of one. */
  readonly action: string | null;
  readonly outcome: string | null;
  readonly since: string | null;
  /** Entries before, or after, this number. */
  readonly before?: number | null;
  readonly after?: number;
  readonly limit: number;
}

/** What was decided about the team; writing is the ledger's. */
export interface TeamStore {
  person(id: string): Promise<PersonRow | null>;
  /** All that ever were, oldest first. */
  people(): Promise<PersonRow[]>;
  /** The login and its person, whether revoked or not. */
  login(hash: string): Promise<{ login: LoginRow; person: PersonRow } | null>;
  /** Those that were not revoked, newest first. */
  logins(personId: string | null): Promise<LoginRow[]>;
  link(hash: string): Promise<LinkRow | null>;
  /** Those that are neither used up nor revoked, newest first. */
  links(): Promise<LinkRow[]>;
  bearer(hash: string): Promise<{ bearer: BearerRow; person: PersonRow } | null>;
  /** Those that were not revoked, newest first. */
  bearers(): Promise<BearerRow[]>;
  /** Notes when a login or a bearer token was seen: no decision, so it may get lost. */
  seen(hash: string, at: string): Promise<void>;
  setHeaderHash(hash: string, headerHash: string): Promise<void>;
  /** Newest first; with `after` oldest first. */
  audit(query: AuditQuery): Promise<AuditRow[]>;
}
