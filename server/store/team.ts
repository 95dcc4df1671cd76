import { z } from "zod";
import { roles } from "#lib/contract/wire.ts";
import type { LoginRow, PersonRow, TeamStore } from "#server/team/ports.ts";
import type { PrismaClient } from "./generated/client.ts";

const roleSchema = z.enum(roles);
const linkKind = "link";

function personOf(row: Omit<PersonRow, "role"> & { role: string }): PersonRow {
  const { id, name, role, createdAt, revokedAt } = row;
  return { id, name, role: roleSchema.parse(role), createdAt, revokedAt };
}

/** People, logins and links in the database. */
export function createTeamStore(prisma: PrismaClient): TeamStore {
  return {
    async ensurePerson(person) {
      return personOf(await prisma.person.upsert({ where: { id: person.id }, create: person, update: {} }));
    },
    async people() {
      return (await prisma.person.findMany({ orderBy: { createdAt: "asc" } })).map(personOf);
    },
    async addLink(link) {
      await prisma.token.create({ data: { ...link, kind: linkKind } });
    },
    async takeLink(hash, at) {
      const free = { hash, kind: linkKind, usedAt: null, revokedAt: null, expiresAt: { gt: at } };
      const { count } = await prisma.token.updateMany({ where: free, data: { usedAt: at } });
      if (count === 0) return null;
      const row = await prisma.token.findUniqueOrThrow({ where: { hash } });
      const { name, role, personId, createdAt, expiresAt } = row;
      return { hash, name, role: roleSchema.parse(role), personId, createdAt, expiresAt: expiresAt ?? at };
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
      const open = { personId: id, revokedAt: null };
      return prisma.$transaction(async (store) => {
        const ended = await store.login.findMany({ where: open, select: { hash: true } });
        await store.login.updateMany({ where: open, data: { revokedAt: at } });
        await store.person.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: at } });
        return ended.map(({ hash }) => hash);
      });
    },
    async audit(entry) {
      await prisma.audit.create({ data: { ...entry, detail: "" } });
    },
  };
}
