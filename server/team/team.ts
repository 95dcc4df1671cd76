import type { MeView, PlaceView, RoleName } from "#lib/contract/wire.ts";
import { roles } from "#lib/contract/wire.ts";
import type { Actor } from "#server/application.ts";
import { ProblemError } from "#server/application.ts";
import type { Clock } from "#server/ports.ts";
import type { Ledger } from "#server/sessions/ledger.ts";
import type { AuditEntry } from "#server/sessions/ports.ts";
import { subscribe } from "#server/sessions/ledger.ts";
import { refusedTo } from "./can.ts";
import { firstOwner } from "./first-owner.ts";
import { freshLimitMs, isCurrent } from "./login-limits.ts";
import { freeName } from "./names.ts";
import { linksMadeBy } from "./own-links.ts";
import type { LoginRow, PersonRow, TeamStore } from "./ports.ts";
import { hashOf, hasHash, isToken, newToken } from "./secret-token.ts";
import { signature } from "./signature.ts";
import type { Line, Visitor } from "./visitor.ts";
import { actorOf, credentialId, isConfinedTo } from "./visitor.ts";

/** How exact `seenAt` is: not every request needs a write. */
const seenEveryMs = 60_000;

/** What a browser gets when it signs in: the cookie opens pages, data and effects need the header token besides it. */
export interface SignedIn {
  readonly cookie: string;
  readonly header: string;
  readonly actor: Actor;
}

/** Where the server listens; told when it does. */
export interface Place {
  /** As links have it for whoever is on the network, without a trailing slash. */
  readonly url: string;
  /** The same for this machine's own browsers. */
  readonly here: string;
  readonly reach: PlaceView["reach"];
  /** SHA-256 of the certificate; null without TLS. */
  readonly fingerprint: string | null;
}

export interface Team {
  /** The token that commands on this machine carry; a new one for every start of the server. */
  readonly machineToken: string;
  /** Who holds that token: the first owner. */
  readonly machine: Actor;
  place(): Place;
  listensAt(place: Place): void;
  /**
   * Uses a link up. Throws unauthenticated when it is unknown, used, expired or withdrawn; answers the role where the link
   * is for several and no name was given, and is not used up then.
   */
  redeem(
    token: string,
    browser: { address: string; userAgent: string; name?: string; line: Line },
  ): Promise<SignedIn | { nameWanted: RoleName }>;
  /** This machine's token counts on its own loopback only, and an owner's never where others listen. */
  byBearer(token: string, line: Line): Promise<Visitor | null>;
  byCookie(token: string, line: Line): Promise<Visitor | null>;
  /** Looks again at somebody who was let in before; null when they may stay no longer. */
  again(visitor: Visitor): Promise<Visitor | null>;
  /** Whether the first owner is signed in somewhere, or has a link that is still good. */
  hasOwnerCredential(): Promise<boolean>;
  /** What a person may do by themselves, not at a browser; null when they may not come in any more. */
  standing(personId: string): Promise<Actor | null>;
  /** Whether this header token belongs to the visitor's login. */
  holdsHeader(visitor: Visitor, header: string): Promise<boolean>;
  /** A new header token in place of the old one. */
  renewHeader(visitor: Visitor): Promise<string>;
  signOut(visitor: Visitor): Promise<void>;
  me(actor: Actor): Omit<MeView, "instance" | "version">;
  /** Writes down what had no effect that it could have been written with. */
  audit(entry: AuditEntry): Promise<void>;
  /** Calls with the hash of every login and token that was ended. */
  onLeft(listener: (credential: string) => void): () => void;
  /** Calls with the id of everybody whose role or rights were changed. */
  onChanged(listener: (person: string) => void): () => void;
}

export async function createTeam(options: {
  store: TeamStore;
  ledger: Pick<Ledger, "write" | "onChange">;
  clock: Pick<Clock, "now">;
  ownerName: string;
}): Promise<Team> {
  const { store, ledger, clock } = options;
  const nowMs = () => clock.now().getTime();
  const machineToken = newToken();
  const machineHash = hashOf(machineToken);
  const leavers = new Set<(credential: string) => void>();
  const changers = new Set<(person: string) => void>();
  let place: Place = { url: "", here: "", reach: "machine", fingerprint: null };

  const owner = await ledger.write(async (at) => {
    const known = await store.person(firstOwner);
    const name = options.ownerName;
    const made: PersonRow = {
      id: firstOwner,
      name,
      role: "owner",
      lands: [],
      createdAt: at,
      revokedAt: null,
    };
    return { change: known ? {} : { team: { people: [made] } }, result: known ?? made };
  });
  const machine = actorOf(owner, { via: { kind: "machine", id: null } });

  ledger.onChange(({ team }) => {
    for (const { hash, revokedAt } of [...(team?.logins ?? []), ...(team?.bearers ?? [])])
      if (revokedAt !== null) leavers.forEach((tell) => tell(hash));
    for (const { id } of team?.people ?? []) changers.forEach((tell) => tell(id));
  });

  async function noteSeen(hash: string, seenAt: string | null): Promise<void> {
    if (seenAt === null || nowMs() - Date.parse(seenAt) >= seenEveryMs)
      await store.seen(hash, clock.now().toISOString());
  }

  async function byLogin(hash: string, line: Line): Promise<Visitor | null> {
    const found = await store.login(hash);
    if (!found || found.person.revokedAt !== null || !isCurrent(found.login, nowMs())) return null;
    if (found.login.line !== line.kind) return null;
    await noteSeen(hash, found.login.seenAt);
    const isFresh = nowMs() - Date.parse(found.login.createdAt) < freshLimitMs;
    const via = { kind: "device", id: credentialId(hash) } as const;
    const isConfined = isConfinedTo(line);
    return { actor: actorOf(found.person, { via, isFresh, isConfined }), credential: hash, line };
  }

  async function byToken(hash: string, line: Line): Promise<Visitor | null> {
    const found = await store.bearer(hash);
    if (!found) return null;
    const { bearer, person } = found;
    const isOver = bearer.expiresAt !== null && Date.parse(bearer.expiresAt) <= nowMs();
    if (isOver || bearer.revokedAt !== null || person.revokedAt !== null) return null;
    await noteSeen(hash, bearer.seenAt);
    // Whose owner may do less by now lets it do less.
    const role = roles[Math.min(roles.indexOf(bearer.role), roles.indexOf(person.role))] ?? "viewer";
    const isConfined = isConfinedTo(line);
    if (isConfined && role === "owner") return null;
    const name = `${person.name} (${bearer.name})`;
    const via = { kind: "token", id: credentialId(hash) } as const;
    return { actor: actorOf(person, { name, role, via, isConfined }), credential: hash, line };
  }

  async function audit(entry: AuditEntry): Promise<void> {
    await ledger.write(() => Promise.resolve({ change: { audit: [entry] }, result: undefined }));
  }

  return {
    machineToken,
    machine,
    place: () => place,
    listensAt: (where) => void (place = where),

    async redeem(token, { address, userAgent, name, line }) {
      try {
        return await ledger.write<SignedIn | { nameWanted: RoleName }>(async (at) => {
          const link = isToken(token) ? await store.link(hashOf(token)) : null;
          const people = await store.people();
          const by = people.find(({ id }) => id === link?.createdBy);
          const isGood =
            link?.revokedAt === null &&
            link.usedAt === null &&
            link.expiresAt > at &&
            (!link.isConfined || isConfinedTo(line)) &&
            by?.revokedAt === null &&
            roles.indexOf(by.role) >= roles.indexOf(link.role);
          const known = people.find(({ id }) => id === link?.personId) ?? null;
          if (!isGood || (link.personId !== null && known?.revokedAt !== null)) throw linkIsOver();
          if (link.reusable && name === undefined) return { change: {}, result: { nameWanted: link.role } };
          const person = known ?? {
            id: hashOf(newToken()).slice(0, 16),
            name: freeName(link.reusable ? (name ?? link.name) : link.name, people),
            role: link.role,
            lands: [],
            createdAt: at,
            revokedAt: null,
          };
          const cookie = newToken();
          const header = newToken();
          const login: LoginRow = {
            hash: hashOf(cookie),
            headerHash: hashOf(header),
            personId: person.id,
            createdAt: link.since ?? at,
            seenAt: at,
            revokedAt: null,
            address,
            userAgent: userAgent.slice(0, 300),
            line: line.kind,
          };
          const via = { kind: "device", id: credentialId(login.hash) } as const;
          const actor = actorOf(person, { via, isConfined: isConfinedTo(line) });
          const used = { ...link, uses: link.uses + 1, usedAt: link.reusable ? null : at };
          const text = `${person.name} joined as ${person.role}.`;
          const change = {
            team: { ...(known ? {} : { people: [person] }), logins: [login], links: [used] },
            facts: known ? [] : [{ ...teamFact, actor: person.name, text }],
            audit: [{ ...signature(actor), action: "login", target: address, outcome: "done", detail: "" }],
          };
          return { change, result: { cookie, header, actor } };
        });
      } catch (error) {
        if (error instanceof ProblemError) {
          const what = { action: "login", target: address, outcome: "refused", detail: error.message };
          await audit({ actor: "nobody", via: address, ...what });
        }
        throw error;
      }
    },

    async byBearer(token, line) {
      if (!isToken(token)) return null;
      if (!hasHash(token, machineHash)) return byToken(hashOf(token), line);
      return line.kind === "machine" ? { actor: machine, credential: null, line } : null;
    },
    byCookie: async (token, line) => (isToken(token) ? byLogin(hashOf(token), line) : null),
    async again(visitor) {
      const { actor, credential, line } = visitor;
      if (credential === null) return visitor;
      return actor.via.kind === "token" ? byToken(credential, line) : byLogin(credential, line);
    },
    async hasOwnerCredential() {
      const logins = await store.logins(firstOwner);
      const links = await store.links();
      const isGood = links.some(({ personId, expiresAt }) => {
        return personId === firstOwner && Date.parse(expiresAt) > nowMs();
      });
      return isGood || logins.some((login) => isCurrent(login, nowMs()));
    },
    async standing(personId) {
      const person = await store.person(personId);
      return person?.revokedAt === null ? actorOf(person, { via: { kind: "loop", id: null } }) : null;
    },
    async holdsHeader({ credential }, header) {
      if (credential === null || !isToken(header)) return false;
      const found = await store.login(credential);
      return found !== null && hasHash(header, found.login.headerHash);
    },
    async renewHeader(visitor) {
      const login = loginOf(visitor);
      const header = newToken();
      await store.setHeaderHash(login, hashOf(header));
      return header;
    },
    async signOut(visitor) {
      const hash = loginOf(visitor);
      await ledger.write(async (at) => {
        const found = await store.login(hash);
        const logins = found ? [{ ...found.login, revokedAt: at }] : [];
        const links = found ? linksMadeBy(found.login, await store.links()) : [];
        const entry = { action: "logout", target: credentialId(hash), outcome: "done", detail: "" };
        return {
          change: {
            team: { logins, links: links.map((link) => ({ ...link, revokedAt: at })) },
            audit: [{ ...signature(visitor.actor), ...entry }],
          },
          result: undefined,
        };
      });
    },

    me(actor) {
      return {
        id: actor.person,
        name: actor.name,
        role: actor.role,
        device: actor.via.kind === "device" ? actor.via.id : null,
        place: { url: place.url, reach: place.reach, isInsecure: actor.isConfined },
        refused: refusedTo(actor),
        lands: actor.role === "owner" ? null : [...actor.lands],
      };
    },
    audit,
    onLeft: (listener) => subscribe(leavers, listener),
    onChanged: (listener) => subscribe(changers, listener),
  };
}

/** What every fact about the team has. */
export const teamFact = { name: "team:changed", repository: null, session: null, changes: {} } as const;

function loginOf({ credential, actor }: Visitor): string {
  if (credential === null || actor.via.kind !== "device")
    throw new ProblemError("invalid", "Only a browser is signed in and has a header token.");
  return credential;
}

function linkIsOver(): ProblemError {
  return new ProblemError(
    "unauthenticated",
    "This link was used before, was withdrawn, has expired, or is not complete.",
    "Run `amplify open` for a fresh one, or ask whoever invited you.",
  );
}
