import type { RoleName } from "#lib/contract/wire.ts";
import type { Actor } from "#server/application.ts";
import { ProblemError } from "#server/application.ts";
import type { Clock } from "#server/ports.ts";
import type { LoginRow, PersonRow, TeamStore } from "./ports.ts";
import { hashOf, hasHash, isToken, newToken } from "./secret-token.ts";

const minute = 60_000;
const hour = 60 * minute;
export const linkLifetimeMs = 10 * minute;
export const inviteLifetimeMs = 24 * hour;
export const idleLimitMs = 12 * hour;
export const absoluteLimitMs = 7 * 24 * hour;
/** How exact `seenAt` is: not every request needs a write. */
const seenEveryMs = minute;

const ownerId = "owner";

/** Somebody who was let in. `login` is the hash of a browser's login, null for the machine's own token. */
export interface Visitor {
  readonly actor: Actor;
  readonly login: string | null;
}

/** What a browser gets when it signs in: the cookie is read-only, effects need the header token besides it. */
export interface SignedIn {
  readonly cookie: string;
  readonly header: string;
  readonly actor: Actor;
}

export interface Team {
  /** The token that commands on this machine carry; a new one for every start of the server. */
  readonly machineToken: string;
  /** A link's token, for one browser. Without `invite` it is for the owner's own. */
  makeLink(
    by: Actor,
    invite?: { name: string; role: RoleName },
  ): Promise<{ token: string; expiresAt: string }>;
  /** Uses a link up; throws unauthenticated when it is unknown, used or expired. */
  redeem(token: string, browser: { address: string; userAgent: string }): Promise<SignedIn>;
  byBearer(token: string): Visitor | null;
  byCookie(token: string): Promise<Visitor | null>;
  /** Looks again at somebody who was let in before; null when they may stay no longer. */
  again(visitor: Visitor): Promise<Visitor | null>;
  /** Whether this header token belongs to the visitor's login. */
  holdsHeader(visitor: Visitor, header: string): Promise<boolean>;
  /** A new header token in place of the old one. */
  renewHeader(visitor: Visitor): Promise<string>;
  signOut(visitor: Visitor): Promise<void>;
  people(): Promise<PersonRow[]>;
  /** Ends all logins of a person, who cannot come back but by a new invitation. */
  revoke(personId: string, by: Actor): Promise<void>;
  /** Calls with the hash of every login that ended before its time. */
  onLeft(listener: (login: string) => void): () => void;
}

export async function createTeam(options: {
  store: TeamStore;
  clock: Pick<Clock, "now">;
  ownerName: string;
}): Promise<Team> {
  const { store, clock } = options;
  const nowMs = () => clock.now().getTime();
  const instant = (ms = nowMs()) => new Date(ms).toISOString();
  const machineToken = newToken();
  const machineHash = hashOf(machineToken);
  const listeners = new Set<(login: string) => void>();
  const left = (login: string) => listeners.forEach((listener) => listener(login));

  const owner = await store.ensurePerson({
    id: ownerId,
    name: options.ownerName,
    role: "owner",
    createdAt: instant(),
  });
  const machine: Visitor = { actor: { name: owner.name, role: "owner" }, login: null };

  function isCurrent(login: LoginRow, person: PersonRow): boolean {
    const now = nowMs();
    return (
      login.revokedAt === null &&
      person.revokedAt === null &&
      now - Date.parse(login.seenAt) < idleLimitMs &&
      now - Date.parse(login.createdAt) < absoluteLimitMs
    );
  }

  async function byLogin(hash: string): Promise<Visitor | null> {
    const found = await store.login(hash);
    if (!found || !isCurrent(found.login, found.person)) return null;
    if (nowMs() - Date.parse(found.login.seenAt) >= seenEveryMs) await store.seen(hash, instant());
    return { actor: { name: found.person.name, role: found.person.role }, login: hash };
  }

  async function newPerson(name: string, role: RoleName): Promise<PersonRow> {
    return store.ensurePerson({ id: hashOf(newToken()).slice(0, 16), name, role, createdAt: instant() });
  }

  return {
    machineToken,
    async makeLink(by, invite) {
      const token = newToken();
      const expiresAt = instant(nowMs() + (invite ? inviteLifetimeMs : linkLifetimeMs));
      await store.addLink({
        hash: hashOf(token),
        name: invite?.name ?? owner.name,
        role: invite?.role ?? "owner",
        personId: invite ? null : ownerId,
        createdAt: instant(),
        expiresAt,
      });
      const target = invite ? `${invite.role} ${invite.name}` : "owner";
      await store.audit({ at: instant(), actor: by.name, action: "link:make", target, outcome: "ok" });
      return { token, expiresAt };
    },
    async redeem(token, browser) {
      const link = isToken(token) ? await store.takeLink(hashOf(token), instant()) : null;
      const at = instant();
      if (!link) {
        const entry = { actor: "nobody", action: "login", target: browser.address, outcome: "refused" };
        await store.audit({ at, ...entry });
        throw new ProblemError(
          "unauthenticated",
          "This link was used before, has expired, or is not complete.",
          "Run `amplify open` for a fresh one, or ask whoever invited you.",
        );
      }
      const people = await store.people();
      const person =
        link.personId === null
          ? await newPerson(link.name, link.role)
          : people.find(({ id }) => id === link.personId);
      if (!person || person.revokedAt !== null)
        throw new ProblemError("unauthenticated", "This person may not come in any more.");
      const signedIn = { cookie: newToken(), header: newToken() };
      await store.addLogin({
        hash: hashOf(signedIn.cookie),
        headerHash: hashOf(signedIn.header),
        personId: person.id,
        createdAt: at,
        seenAt: at,
        address: browser.address,
        userAgent: browser.userAgent.slice(0, 300),
      });
      await store.audit({ at, actor: person.name, action: "login", target: browser.address, outcome: "ok" });
      return { ...signedIn, actor: { name: person.name, role: person.role } };
    },
    byBearer: (token) => (isToken(token) && hasHash(token, machineHash) ? machine : null),
    byCookie: async (token) => (isToken(token) ? byLogin(hashOf(token)) : null),
    again: async (visitor) => (visitor.login === null ? visitor : byLogin(visitor.login)),
    async holdsHeader(visitor, header) {
      if (visitor.login === null || !isToken(header)) return false;
      const found = await store.login(visitor.login);
      return found !== null && hasHash(header, found.login.headerHash);
    },
    async renewHeader(visitor) {
      if (visitor.login === null) throw new ProblemError("invalid", "Only a browser has a header token.");
      const header = newToken();
      await store.setHeaderHash(visitor.login, hashOf(header));
      return header;
    },
    async signOut(visitor) {
      if (visitor.login === null) throw new ProblemError("invalid", "Only a browser can sign out.");
      await store.revokeLogin(visitor.login, instant());
      await store.audit({
        at: instant(),
        actor: visitor.actor.name,
        action: "logout",
        target: "",
        outcome: "ok",
      });
      left(visitor.login);
    },
    people: () => store.people(),
    async revoke(personId, by) {
      if (personId === ownerId) throw new ProblemError("conflict", "The owner cannot be revoked.");
      if (!(await store.people()).some(({ id }) => id === personId))
        throw new ProblemError("not-found", "There is no such person.", "See `GET /api/people`.");
      const logins = await store.revokePerson(personId, instant());
      await store.audit({
        at: instant(),
        actor: by.name,
        action: "person:revoke",
        target: personId,
        outcome: "ok",
      });
      logins.forEach(left);
    },
    onLeft(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
