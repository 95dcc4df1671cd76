import type { RoleName } from "#lib/contract/wire.ts";
import { parseRepositoryId } from "#lib/domain/ids.ts";
import type { BearerRow, LinkRow, LoginRow, PersonRow, TeamChange, TeamStore } from "#server/team/ports.ts";
import type * as Model from "./generated/client.ts";
import type { Prisma, PrismaClient } from "./generated/client.ts";

/** People, and the hashes of what lets them in, in SQLite. */
export function createTeamStore(prisma: PrismaClient): TeamStore {
  return {
    async person(id) {
      const row = await prisma.person.findUnique({ where: { id } });
      return row && personOf(row);
    },

    async people() {
      const rows = await prisma.person.findMany({ orderBy: [{ createdAt: "asc" }, { id: "asc" }] });
      return rows.map(personOf);
    },

    async login(hash) {
      const row = await prisma.login.findUnique({ where: { hash }, include: { person: true } });
      if (!row) return null;
      const { person, ...login } = row;
      return { login: login satisfies LoginRow, person: personOf(person) };
    },

    async logins(personId) {
      return prisma.login.findMany({
        where: { revokedAt: null, ...(personId === null ? {} : { personId }) },
        orderBy: [{ seenAt: "desc" }, { hash: "asc" }],
      });
    },

    async link(hash) {
      const row = await prisma.token.findUnique({ where: { hash, kind: "link" } });
      return row && linkOf(row);
    },

    async links() {
      const rows = await prisma.token.findMany({
        where: { kind: "link", usedAt: null, revokedAt: null },
        orderBy: [{ createdAt: "desc" }, { hash: "asc" }],
      });
      return rows.map(linkOf);
    },

    async bearer(hash) {
      const row = await prisma.token.findUnique({
        where: { hash, kind: "bearer" },
        include: { person: true },
      });
      if (!row?.person) return null;
      return { bearer: bearerOf(row, row.person.id), person: personOf(row.person) };
    },

    async bearers() {
      const rows = await prisma.token.findMany({
        where: { kind: "bearer", revokedAt: null },
        orderBy: [{ createdAt: "desc" }, { hash: "asc" }],
      });
      return rows.flatMap((row) => (row.personId === null ? [] : [bearerOf(row, row.personId)]));
    },

    async seen(hash, at) {
      await prisma.$transaction([
        prisma.login.updateMany({ where: { hash }, data: { seenAt: at } }),
        prisma.token.updateMany({ where: { hash, kind: "bearer" }, data: { seenAt: at } }),
      ]);
    },

    async setHeaderHash(hash, headerHash) {
      await prisma.login.updateMany({ where: { hash }, data: { headerHash } });
    },

    async audit({ actor, action, outcome, since, before, after, limit }) {
      const rows = await prisma.audit.findMany({
        where: {
          ...(actor === null ? {} : { OR: [{ actor }, { person: actor }] }),
          ...(action === null ? {} : { action: { startsWith: action } }),
          ...(outcome === null ? {} : { outcome }),
          ...(since === null ? {} : { at: { gte: since } }),
          seq: { gt: after ?? 0, ...(before ? { lt: before } : {}) },
        },
        orderBy: { seq: after === undefined ? "desc" : "asc" },
        take: limit,
      });
      return rows;
    },
  };
}

/** The part of a decision that is about the team. */
export function teamWrites(prisma: PrismaClient, change: TeamChange): Prisma.PrismaPromise<unknown>[] {
  return [
    ...(change.people ?? []).map(({ lands, ...rest }) => {
      const data = { ...rest, lands: JSON.stringify(lands) };
      return prisma.person.upsert({ where: { id: data.id }, create: data, update: data });
    }),
    ...(change.logins ?? []).map((data) =>
      prisma.login.upsert({ where: { hash: data.hash }, create: data, update: data }),
    ),
    ...[...(change.links ?? []), ...(change.bearers ?? [])].map((data) =>
      prisma.token.upsert({ where: { hash: data.hash }, create: data, update: data }),
    ),
  ];
}

function personOf(row: Model.Person): PersonRow {
  const lands = (JSON.parse(row.lands) as string[]).map(parseRepositoryId);
  return { ...row, role: row.role as RoleName, lands };
}

function linkOf(row: Model.Token): LinkRow {
  const { hash, name, personId, createdBy, createdAt, usedAt, revokedAt, reusable, uses, since, isConfined } =
    row;
  const expiresAt = row.expiresAt ?? createdAt;
  const role = row.role as RoleName;
  const kind = "link";
  return {
    kind,
    hash,
    name,
    role,
    personId,
    createdBy,
    createdAt,
    expiresAt,
    usedAt,
    revokedAt,
    reusable,
    uses,
    since,
    isConfined,
  };
}

function bearerOf(row: Model.Token, personId: string): BearerRow {
  const { hash, name, createdAt, expiresAt, revokedAt, seenAt } = row;
  const role = row.role as RoleName;
  return { kind: "bearer", hash, name, role, personId, createdAt, expiresAt, revokedAt, seenAt };
}
