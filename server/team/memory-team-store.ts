import type { LinkRow, LoginRow, PersonRow, TeamStore } from "./ports.ts";

/** A team that is forgotten with the process: for tests. */
export function createMemoryTeamStore(): TeamStore {
  const people = new Map<string, PersonRow>();
  const logins = new Map<string, LoginRow>();
  const links = new Map<string, LinkRow>();
  const change = (hash: string, part: Partial<LoginRow>) => {
    const login = logins.get(hash);
    if (login) logins.set(hash, { ...login, ...part });
  };
  const done = Promise.resolve();
  return {
    ensurePerson(person) {
      const known = people.get(person.id) ?? { ...person, revokedAt: null };
      people.set(person.id, known);
      return Promise.resolve(known);
    },
    people: () => Promise.resolve([...people.values()]),
    addLink(link) {
      links.set(link.hash, link);
      return done;
    },
    takeLink(hash, at) {
      const link = links.get(hash);
      links.delete(hash);
      return Promise.resolve(link && link.expiresAt > at ? link : null);
    },
    addLogin(login) {
      logins.set(login.hash, { ...login, revokedAt: null });
      return done;
    },
    login(hash) {
      const login = logins.get(hash);
      const person = login && people.get(login.personId);
      return Promise.resolve(login && person ? { login, person } : null);
    },
    seen(hash, at) {
      change(hash, { seenAt: at });
      return done;
    },
    setHeaderHash(hash, headerHash) {
      change(hash, { headerHash });
      return done;
    },
    revokeLogin(hash, at) {
      change(hash, { revokedAt: at });
      return done;
    },
    revokePerson(id, at) {
      const person = people.get(id);
      if (person) people.set(id, { ...person, revokedAt: at });
      const ended = [...logins.values()].filter((login) => login.personId === id && login.revokedAt === null);
      for (const { hash } of ended) change(hash, { revokedAt: at });
      return Promise.resolve(ended.map(({ hash }) => hash));
    },
    audit: () => done,
  };
}
