import type { RoleName, teamCommands } from "#lib/contract/wire.ts";
import { roles } from "#lib/contract/wire.ts";
import type { Actor } from "#server/application.ts";
import { ProblemError } from "#server/application.ts";
import type { Handlers } from "#server/sessions/command.ts";
import type { SessionStore } from "#server/sessions/ports.ts";
import { firstOwner } from "./first-owner.ts";
import { linksMadeBy } from "./own-links.ts";
import type { BearerRow, LinkRow, PersonRow, TeamChange, TeamStore } from "./ports.ts";
import { hashOf, newToken } from "./secret-token.ts";
import type { Team } from "./team.ts";
import { teamFact } from "./team.ts";
import { invitationView, personView, tokenView } from "./team-views.ts";
import { credentialId } from "./visitor.ts";

const minute = 60_000;
const hour = 60 * minute;
export const linkLifetimeMs = 10 * minute;

/** Everything that changes who may come in and what they may do. */
export function createTeamCommands(room: {
  store: TeamStore;
  repositories: SessionStore["repositories"];
  team: Pick<Team, "place">;
}): Pick<Handlers, keyof typeof teamCommands> {
  const { store, team } = room;
  const urlOf = (token: string, where: "here" | "url" = "url") => `${team.place()[where]}/login#${token}`;

  return {
    "team:link": ({ elsewhere }, { actor, settle }) =>
      settle(async (at) => {
        const made = makeLink({ by: actor, at, since: await loginBegan(actor), lifetimeMs: linkLifetimeMs });
        return {
          change: {
            team: { links: [made.link] },
            audit: entry("team:link", made.id, "for a browser of their own"),
          },
          answer: { url: urlOf(made.token, elsewhere ? "url" : "here"), expiresAt: made.link.expiresAt },
          isSecret: true,
        };
      }),

    "team:invite": ({ name, role, hours, reusable }, { actor, settle }) =>
      settle((at) => {
        refuseAbove(actor, role);
        if (reusable && role !== "viewer")
          throw new ProblemError(
            "invalid",
            "Only a viewer's link may let in several.",
            "Leave reusable out.",
          );
        const invite = { name, role, reusable };
        const made = makeLink({ by: actor, at, since: null, lifetimeMs: hours * hour, invite });
        const detail = `${role} ${name}, until ${made.link.expiresAt}${reusable ? ", for several" : ""}`;
        return Promise.resolve({
          change: {
            team: { links: [made.link] },
            facts: [told(actor, `invited ${name} as ${role}.`)],
            audit: entry("team:invite", made.id, detail),
          },
          answer: {
            invitation: invitationView(made.link, actor.name),
            url: urlOf(made.token),
            expiresAt: made.link.expiresAt,
          },
          isSecret: true,
        });
      }),

    "team:withdraw": ({ invitation }, { actor, settle }) =>
      settle(async (at) => {
        const link = (await store.links()).find(({ hash }) => credentialId(hash) === invitation);
        if (!link) throw notFound("open invitation", invitation);
        return {
          change: {
            team: { links: [{ ...link, revokedAt: at }] },
            facts: [told(actor, `withdrew the invitation of ${link.name}.`)],
            audit: entry("team:withdraw", invitation, `${link.role} ${link.name}`),
          },
          answer: {},
        };
      }),

    "team:revoke": ({ person: ref }, { actor, settle }) =>
      settle(async (at) => {
        const person = await findPerson(ref);
        refuseFirstOwner(person, "cannot be revoked");
        const gone = { ...person, revokedAt: at };
        return {
          change: {
            team: { people: [gone], ...(await credentialsOf([person.id], at)) },
            facts: [told(actor, `revoked ${person.name}.`)],
            audit: entry("team:revoke", person.id, `${person.role} ${person.name}`),
          },
          answer: { person: personView(gone, null) },
        };
      }),

    "team:role": ({ person: ref, role }, { actor, settle }) =>
      settle(async () => {
        const person = await findPerson(ref);
        refuseFirstOwner(person, "stays owner");
        refuseAbove(actor, role);
        // Landing was granted to them as the operator that they were.
        const next = { ...person, role, lands: role === person.role ? person.lands : [] };
        return {
          change: {
            team: { people: [next] },
            facts: [told(actor, `made ${person.name} ${role}.`)],
            audit: entry("team:role", person.id, `${person.role} → ${role}`),
          },
          answer: { person: personView(next, null) },
        };
      }),

    "team:grant": ({ person: ref, repository, lands }, { actor, settle }) =>
      settle(async () => {
        const person = await findPerson(ref);
        const known = (await room.repositories()).find(({ id }) => id === repository);
        if (!known) throw notFound("repository", repository);
        if (lands && person.role !== "operator") {
          const why = person.role === "owner" ? "may land everywhere already" : "is viewer, who only sees";
          throw new ProblemError("conflict", `${person.name} ${why}.`, "Landing is granted to operators.");
        }
        const others = person.lands.filter((each) => each !== repository);
        const next = { ...person, lands: lands ? [...others, repository] : others };
        const words = lands ? `may land in ${known.name} now` : `may not land in ${known.name} any more`;
        return {
          change: {
            team: { people: [next] },
            facts: [told(actor, `decided: ${person.name} ${words}.`)],
            audit: entry("team:grant", person.id, `${lands ? "+" : "-"} ${repository} ${known.name}`),
          },
          answer: { person: personView(next, null) },
        };
      }),

    "team:sign-out": ({ device, person: ref }, { actor, settle }) =>
      settle(async (at) => {
        const logins = await store.logins(null);
        const whose = ref === null ? actor.person : (await findPerson(ref)).id;
        const meant = logins.filter(({ hash, personId }) =>
          device === null ? personId === whose : credentialId(hash) === device,
        );
        const mayAll = actor.role === "owner" && !actor.isConfined;
        // Whose browser an id belongs to is nobody else's business.
        const isAllowed = mayAll || meant.every(({ personId }) => personId === actor.person);
        if (device !== null && (meant.length === 0 || !isAllowed))
          throw notFound("signed-in browser", device);
        if (!isAllowed) throw new ProblemError("forbidden", "Only an owner signs other people out.");
        const links = await store.links();
        const theirs =
          device === null
            ? links.filter(({ personId }) => personId === whose)
            : meant.flatMap((login) => linksMadeBy(login, links));
        const end = <Row extends object>(row: Row) => ({ ...row, revokedAt: at });
        return {
          change: {
            team: { logins: meant.map(end), links: theirs.map(end) },
            audit: entry("team:sign-out", device ?? whose, `${String(meant.length)} signed out`),
          },
          answer: { ended: meant.length },
        };
      }),

    "token:create": ({ name, role, days }, { actor, settle }) =>
      settle((at) => {
        refuseAbove(actor, role);
        const secret = newToken();
        const expiresAt = days === null ? null : later(at, days * 24 * hour);
        const bearer: BearerRow = {
          kind: "bearer",
          hash: hashOf(secret),
          name,
          role,
          personId: actor.person,
          createdAt: at,
          expiresAt,
          revokedAt: null,
          seenAt: null,
        };
        const token = tokenView(bearer);
        const detail = `${role} ${name}, ${expiresAt === null ? "without an end" : `until ${expiresAt}`}`;
        return Promise.resolve({
          change: { team: { bearers: [bearer] }, audit: entry("token:create", token.id, detail) },
          answer: { token, secret },
          isSecret: true,
        });
      }),

    "token:revoke": ({ token }, { settle }) =>
      settle(async (at) => {
        const bearer = (await store.bearers()).find(({ hash }) => credentialId(hash) === token);
        if (!bearer) throw notFound("token", token);
        return {
          change: {
            team: { bearers: [{ ...bearer, revokedAt: at }] },
            audit: entry("token:revoke", token, `${bearer.role} ${bearer.name}`),
          },
          answer: {},
        };
      }),

    "owner:reset": (_input, { actor, settle }) =>
      settle(async (at) => {
        const owners = (await store.people()).filter(({ role }) => role === "owner");
        const people = owners.map((person): PersonRow => {
          return { ...person, revokedAt: person.id === firstOwner ? null : (person.revokedAt ?? at) };
        });
        const ended = await credentialsOf(
          owners.map(({ id }) => id),
          at,
        );
        const made = makeLink({ by: actor, at, since: null, lifetimeMs: linkLifetimeMs });
        const change: TeamChange = { ...ended, people, links: [...(ended.links ?? []), made.link] };
        const count = (ended.logins?.length ?? 0) + (ended.bearers?.length ?? 0);
        return {
          change: {
            team: change,
            facts: [told(actor, "set the owner's access back: every owner was signed out.")],
            audit: entry("owner:reset", firstOwner, `${String(count)} logins and tokens ended`),
          },
          answer: { url: urlOf(made.token, "here"), expiresAt: made.link.expiresAt, ended: count },
          isSecret: true,
        };
      }),
  };

  /** When the login began that the actor acts by; null for commands on this machine. */
  async function loginBegan({ via, person }: Actor): Promise<string | null> {
    if (via.kind === "machine") return null;
    const login = (await store.logins(person)).find(({ hash }) => credentialId(hash) === via.id);
    if (via.kind !== "device" || !login)
      throw new ProblemError(
        "forbidden",
        "Only a browser, or a command on the server's machine, may do this.",
      );
    return login.createdAt;
  }

  async function findPerson(ref: string): Promise<PersonRow> {
    const people = (await store.people()).filter(({ revokedAt }) => revokedAt === null);
    const found = people.find(({ id }) => id === ref) ?? people.find(({ name }) => name === ref);
    if (!found) throw notFound("person", ref);
    return found;
  }

  /** Everything by which these people come in, or let others in, ended. */
  async function credentialsOf(ids: readonly string[], at: string): Promise<TeamChange> {
    const isTheirs = (id: string | null) => id !== null && ids.includes(id);
    return {
      logins: (await store.logins(null))
        .filter(({ personId }) => isTheirs(personId))
        .map((login) => ({ ...login, revokedAt: at })),
      links: (await store.links())
        .filter(({ personId, createdBy }) => isTheirs(personId) || isTheirs(createdBy))
        .map((link) => ({ ...link, revokedAt: at })),
      bearers: (await store.bearers())
        .filter(({ personId }) => isTheirs(personId))
        .map((bearer) => ({ ...bearer, revokedAt: at })),
    };
  }
}

/** A link for the actor's own further browser, or for who is invited. The token is in nobody's hands but the caller's. */
function makeLink(order: {
  by: Actor;
  at: string;
  since: string | null;
  lifetimeMs: number;
  invite?: { name: string; role: RoleName; reusable: boolean };
}): { token: string; link: LinkRow; id: string } {
  const { by, at, since, lifetimeMs, invite } = order;
  const token = newToken();
  const hash = hashOf(token);
  const link: LinkRow = {
    kind: "link",
    hash,
    name: invite?.name ?? by.name,
    role: invite?.role ?? by.role,
    personId: invite ? null : by.person,
    createdBy: by.person,
    createdAt: at,
    expiresAt: later(at, lifetimeMs),
    usedAt: null,
    revokedAt: null,
    reusable: invite?.reusable ?? false,
    uses: 0,
    since,
    isConfined: by.isConfined,
  };
  return { token, link, id: credentialId(hash) };
}

function entry(action: string, target: string, detail: string) {
  return [{ action, target, outcome: "done", detail }];
}

function told(actor: Actor, what: string) {
  return { ...teamFact, actor: actor.name, text: `${actor.name} ${what}` };
}

function later(at: string, ms: number): string {
  return new Date(Date.parse(at) + ms).toISOString();
}

/** Nobody hands out more than they have. */
function refuseAbove(actor: Actor, role: RoleName): void {
  if (roles.indexOf(role) <= roles.indexOf(actor.role)) return;
  throw new ProblemError("forbidden", `As ${actor.role} you cannot make anybody ${role}.`);
}

function refuseFirstOwner(person: PersonRow, what: string): void {
  if (person.id !== firstOwner) return;
  throw new ProblemError(
    "conflict",
    `${person.name} is who started this server and ${what}.`,
    "If their access is in the wrong hands: `amplify auth reset-owner` on the server's machine.",
  );
}

function notFound(what: string, ref: string): ProblemError {
  return new ProblemError("not-found", `There is no ${what} ${ref}.`, "See `amplify team list`.");
}
