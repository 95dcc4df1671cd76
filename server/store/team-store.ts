import type { RoleName } from "#lib/contract/wire.ts";
import type { LoginRow, PersonRow, TeamStore } from "#server/team/ports.ts";
import type * as Model from "./generated/client.ts";
import type { PrismaClient } from "./generated/client.ts";

/** People, their logins and the links that let them in, in SQLite. */
export function createTeamStore(prisma: PrismaClient): TeamStore {
  return {
    async ensurePerson(person) {
      const row = await prisma.person.upsert({ where: { id: person.id }, create: person, update: {} });
      return personOf(row);
    },

    async people() {
      const rows = await prisma.person.findMany({ orderBy: [{ createdAt: "asc" }, { id: "asc" }] });
      return rows.map(personOf);
    },

    async addLink(link) {
      await prisma.token.create({ data: { ...link, kind: "link" } });
    },

    async takeLink(hash, at) {
      // One statement decides who gets it.
      const { count } = await prisma.token.updateMany({
        where: { hash, kind: "link", usedAt: null, revokedAt: null, expiresAt: { gt: at } },
        data: { usedAt: at },
      });
      const row = count === 1 ? await prisma.token.findUnique({ where: { hash } }) : null;
      if (!row) return null;
      const { name, role, personId, createdAt, expiresAt } = row;
      return { hash, name, role: role as RoleName, personId, createdAt, expiresAt: expiresAt ?? at };
    },

    async addLogin(login) {
      await prisma.login.create({ data: login });
    },

    async login(hash) {
      const row = await prisma.login.findUnique({ where: { hash }, include: { person: true } });
      if (!row) return null;
      const { person, ...login } = row;
      return { login: login satisfies LoginRow, person: personOf(person) };
    },

    async seen(hash, at) {
      await prisma.login.updateMany({ where: { hash }, data: { seenAt: at } });
    },

    async setHeaderHash(hash, headerHash) {
      await prisma.login.updateMany({ where: { hash }, data: { headerHash } });
    },

    async revokeLogin(hash, at) {
      await prisma.login.updateMany({ where: { hash, revokedAt: null }, data: { revokedAt: at } });
    },

    async revokePerson(id, at) {
      const logins = await prisma.login.findMany({ where: { personId: id }, select: { hash: true } });
      await prisma.$transaction([
        prisma.person.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: at } }),
        prisma.login.updateMany({ where: { personId: id, revokedAt: null }, data: { revokedAt: at } }),
        prisma.token.updateMany({ where: { personId: id, revokedAt: null }, data: { revokedAt: at } }),
      ]);
      return logins.map(({ hash }) => hash);
    },

    async audit(entry) {
      await prisma.audit.create({ data: { ...entry, detail: "" } });
    },
  };
}

function personOf(row: Model.Person): PersonRow {
  return { ...row, role: row.role as RoleName };
}
