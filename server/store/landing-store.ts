import type { LandingStep } from "#lib/domain/merge.ts";
import type { Landing, LandingJournal, LandingOrder, LandingStore } from "#server/merging/ports.ts";
import type * as Model from "./generated/client.ts";
import type { PrismaClient } from "./generated/client.ts";
import { Prisma } from "./generated/client.ts";

/** The journal of landings, in SQLite. */
export function createLandingStore(prisma: PrismaClient): LandingStore {
  return {
    async open(landing) {
      try {
        await prisma.landing.create({ data: landingRow(landing) });
        return true;
      } catch (error) {
        if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002") return false;
        throw error;
      }
    },

    async save(landing) {
      await prisma.landing.update({ where: { id: landing.id }, data: progressOf(landing) });
    },

    async find(id) {
      const row = await prisma.landing.findUnique({ where: { id } });
      return row && landingOf(row);
    },

    async unfinished() {
      const rows = await prisma.landing.findMany({
        where: { status: "running" },
        orderBy: [{ startedAt: "asc" }, { id: "asc" }],
      });
      return rows.map(landingOf);
    },
  };
}

export function landingRow(landing: Landing) {
  const { order } = landing.journal;
  return {
    ...progressOf(landing),
    id: landing.id,
    repositoryId: order.repository.id,
    sessionId: order.session,
    by: order.by,
    startedAt: landing.startedAt,
  };
}

/** What orders and journals hold since there are some without it. */
const lately: Partial<LandingOrder> = {
  setup: [],
  carry: [],
  passEnv: [],
  env: {},
  after: { how: "nothing", remote: "origin" },
};
const latelyNoted: Partial<LandingJournal> = { pushTries: 0, pushed: null, url: null };

export function landingOf(row: Model.Landing): Landing {
  const journal = JSON.parse(row.journal) as LandingJournal;
  return {
    id: row.id,
    status: row.status as Landing["status"],
    step: row.step as LandingStep | null,
    journal: { ...latelyNoted, ...journal, order: { ...lately, ...journal.order } },
    startedAt: row.startedAt,
    endedAt: row.endedAt,
  };
}

function progressOf({ status, step, journal, endedAt }: Landing) {
  return { status, step, journal: JSON.stringify(journal), endedAt };
}
