import { runEventSchema, type Spec } from "#lib/contract/files.ts";
import type { Fact, SessionView } from "#lib/contract/wire.ts";
import { machineActors, sessionActorBeginnings } from "#lib/domain/actor.ts";
import type { Comment } from "#lib/domain/comment.ts";
import { parseItemId, parseRepositoryId, parseSessionId, type RepositoryId } from "#lib/domain/ids.ts";
import type { Question } from "#lib/domain/question.ts";
import type { RunEvent } from "#lib/domain/run-event.ts";
import type { SessionState } from "#lib/domain/session.ts";
import type {
  Change,
  CommentRow,
  EffectRow,
  Guard,
  Intent,
  SessionRow,
  SessionStore,
} from "#server/sessions/ports.ts";
import { ItemTakenError } from "#server/sessions/ports.ts";
import type * as Model from "./generated/client.ts";
import type { PrismaClient } from "./generated/client.ts";
import { Prisma } from "./generated/client.ts";
import { landingOf, landingRow } from "./landing-store.ts";
import { loopData, loopOf } from "./loop-row.ts";
import { teamWrites } from "./team-store.ts";
import { standingAnswerData, standingAnswerOf } from "./standing-answer-row.ts";
import { webhookData, webhookOf } from "./webhook-row.ts";

type Write = Prisma.PrismaPromise<unknown>;

/** Sessions and all that belongs to them, in SQLite. */
export function createSessionStore(prisma: PrismaClient): SessionStore {
  return {
    async commit(change, at) {
      const facts = (change.facts ?? []).map((fact) =>
        prisma.fact.create({ data: factRow({ ...fact, at }), select: { seq: true } }),
      );
      const writes = writesOf(prisma, change, at);
      try {
        const results = await prisma.$transaction([...writes, ...facts]);
        const numbers = results.slice(writes.length) as { seq: number }[];
        return (change.facts ?? []).map((fact, index) => ({ seq: numbers[index]?.seq ?? 0, at, ...fact }));
      } catch (error) {
        if (isTakenPlace(error)) throw new ItemTakenError("Another session has the item already.");
        throw error;
      }
    },

    async repositories(all = false) {
      const rows = await prisma.repository.findMany({
        where: all ? {} : { removedAt: null },
        orderBy: { addedAt: "asc" },
      });
      return rows.map((row) => ({
        ...row,
        id: parseRepositoryId(row.id),
        source: row.source === "beads" ? "beads" : "backlog",
        guard: row.guard === null ? null : (JSON.parse(row.guard) as Guard),
      }));
    },

    async session(id) {
      const row = await prisma.session.findUnique({ where: { id } });
      return row && sessionOf(row);
    },

    async sessions({ repository, open, statuses, before, limit }) {
      const [createdAt, id] = before?.split("/") ?? [];
      const rows = await prisma.session.findMany({
        where: {
          ...of(repository),
          ...(open === undefined ? {} : { openKey: open ? { not: null } : null }),
          ...(statuses ? { status: { in: [...statuses] } } : {}),
          ...(createdAt !== undefined && id !== undefined
            ? { OR: [{ createdAt: { lt: createdAt } }, { createdAt, id: { lt: id } }] }
            : {}),
        },
        orderBy: [{ createdAt: "desc" }, { id: "desc" }],
        take: limit,
      });
      return rows.map(sessionOf);
    },

    async sessionsLike(prefix, limit) {
      const rows = await prisma.session.findMany({
        where: { id: { gte: prefix, lt: `${prefix}~` }, ...of(null) },
        select: { id: true },
        take: limit,
      });
      return rows.map(({ id }) => parseSessionId(id));
    },

    async newestOf(repository, item) {
      const rows = await prisma.session.findMany({
        where: { item, ...of(repository) },
        // The one that holds the place is the newest, whatever the clock did.
        orderBy: [{ openKey: { sort: "desc", nulls: "last" } }, { createdAt: "desc" }, { id: "desc" }],
        take: 50,
      });
      const newest = new Map<string, SessionRow>();
      for (const row of rows) {
        if (!newest.has(row.repositoryId)) newest.set(row.repositoryId, sessionOf(row));
      }
      return [...newest.values()];
    },

    async open(repository) {
      const rows = await prisma.session.findMany({
        where: { openKey: { not: null }, ...of(repository) },
        orderBy: [{ createdAt: "asc" }, { id: "asc" }],
      });
      return rows.map(sessionOf);
    },

    async events(session) {
      const rows = await prisma.runEvent.findMany({ where: { sessionId: session }, orderBy: { seq: "asc" } });
      return rows.map(({ seq, kind, body }) => ({ seq, event: eventOf(kind, body) }));
    },

    async questionsOf(session) {
      const rows = await prisma.question.findMany({
        where: { sessionId: session },
        orderBy: [{ askedAt: "asc" }, { id: "asc" }],
      });
      return rows.map(({ body }) => JSON.parse(body) as Question);
    },

    async commentsOf(session) {
      const rows = await prisma.diffComment.findMany({ where: { sessionId: session } });
      return rows
        .map(({ status, body }): CommentRow => ({
          session,
          status: status as CommentRow["status"],
          comment: JSON.parse(body) as Comment,
        }))
        .sort((a, b) => Number(a.comment.id.slice(2)) - Number(b.comment.id.slice(2)));
    },

    async questions(repository, all) {
      const rows = await prisma.question.findMany({
        where: {
          ...(all ? {} : { status: "open" }),
          session: of(repository),
        },
        orderBy: { askedAt: all ? "desc" : "asc" },
        take: 1000,
      });
      return rows.map(({ sessionId, body }) => ({
        session: parseSessionId(sessionId),
        question: JSON.parse(body) as Question,
      }));
    },

    async pendingEffects(lane) {
      const where = { doneAt: null, ...(lane === undefined ? {} : { lane }) };
      const rows = await prisma.effect.findMany({ where, orderBy: { id: "asc" } });
      return rows.map(effectOf);
    },

    async noteAttempt(effect, problem) {
      await prisma.effect.update({
        where: { id: effect },
        data: { attempts: { increment: 1 }, problem: problem.slice(0, 5000) },
      });
    },

    async facts(after, limit) {
      const rows = await prisma.fact.findMany({
        where: { seq: { gt: after } },
        orderBy: { seq: "asc" },
        take: limit,
      });
      return rows.map(factOf);
    },

    async recentFacts(limit) {
      const rows = await prisma.fact.findMany({ orderBy: { seq: "desc" }, take: limit });
      return rows.reverse().map(factOf);
    },

    async factsBefore({ before, repository, people, limit }) {
      const machines = [
        { actor: { in: [...machineActors] } },
        ...sessionActorBeginnings.map((each) => ({ actor: { startsWith: each } })),
      ];
      const rows = await prisma.fact.findMany({
        where: {
          ...(before === null ? {} : { seq: { lt: before } }),
          ...(repository === null ? {} : { OR: [{ repositoryId: repository }, { repositoryId: null }] }),
          ...(people ? { NOT: machines } : {}),
        },
        orderBy: { seq: "desc" },
        take: limit,
      });
      return rows.map(factOf);
    },

    async lastFact() {
      const { _max } = await prisma.fact.aggregate({ _max: { seq: true } });
      return _max.seq ?? 0;
    },

    async firstFact() {
      const { _min } = await prisma.fact.aggregate({ _min: { seq: true } });
      return _min.seq ?? 0;
    },

    async receipt(key) {
      const row = await prisma.command.findUnique({ where: { key } });
      if (!row) return null;
      return { key, name: row.name, actor: row.actor, answer: JSON.parse(row.answer ?? "null") as unknown };
    },

    async landings({ repository, session, limit }) {
      const rows = await prisma.landing.findMany({
        where: {
          ...of(repository),
          ...(session ? { sessionId: session } : {}),
        },
        orderBy: [{ startedAt: "desc" }, { id: "desc" }],
        take: limit,
      });
      return rows.map(landingOf);
    },

    async loops({ repository, status, limit }) {
      const rows = await prisma.loop.findMany({
        where: { ...of(repository), ...(status ? { status } : {}) },
        orderBy: [{ startedAt: "desc" }, { id: "desc" }],
        take: limit,
      });
      return rows.map(loopOf);
    },

    async standingAnswers(repository, all) {
      const rows = await prisma.standingAnswer.findMany({
        where: { ...of(repository), ...(all ? {} : { revokedAt: null }) },
        orderBy: { id: "desc" },
        take: 1000,
      });
      return rows.map(standingAnswerOf);
    },

    async lastStandingAnswer() {
      const { _max } = await prisma.standingAnswer.aggregate({ _max: { id: true } });
      return _max.id ?? 0;
    },

    async webhooks() {
      const rows = await prisma.webhook.findMany({
        where: { removedAt: null },
        orderBy: [{ createdAt: "asc" }, { id: "asc" }],
      });
      return rows.map(webhookOf);
    },

    async inboxOf(session) {
      const where = { sessionId: session, kind: "inbox" };
      return (await prisma.effect.findMany({ where, orderBy: { id: "asc" } })).map(effectOf);
    },

    async effectsOf(lane, limit) {
      const rows = await prisma.effect.findMany({ where: { lane }, orderBy: { id: "desc" }, take: limit });
      return rows.map(effectOf);
    },

    async prune({ before, facts }) {
      const { _max } = await prisma.fact.aggregate({ _max: { seq: true } });
      const open = await prisma.session.findMany({
        where: { openKey: { not: null } },
        select: { id: true },
      });
      const isOver = { OR: [{ sessionId: null }, { sessionId: { notIn: open.map(({ id }) => id) } }] };
      await prisma.$transaction([
        prisma.command.deleteMany({ where: { at: { lt: before } } }),
        prisma.effect.deleteMany({ where: { doneAt: { lt: before }, ...isOver } }),
        prisma.fact.deleteMany({ where: { seq: { lte: (_max.seq ?? 0) - facts } } }),
      ]);
    },
  };
}

/** What belongs to this repository, or to any that was not removed. */
function of(repository: RepositoryId | null | undefined) {
  return repository ? { repositoryId: repository } : { repository: { removedAt: null } };
}

function writesOf(prisma: PrismaClient, change: Change, at: string): Write[] {
  const writes: Write[] = [];
  if (change.repository) {
    const { guard, ...rest } = change.repository;
    const data = { ...rest, guard: guard && JSON.stringify(guard) };
    writes.push(prisma.repository.upsert({ where: { id: data.id }, create: data, update: data }));
  }
  for (const row of change.sessions ?? []) {
    const data = sessionData(row);
    writes.push(
      prisma.session.upsert({ where: { id: row.id }, create: data, update: data, select: { id: true } }),
    );
  }
  if (change.events && change.events.length > 0) {
    const data = change.events.map(({ session, line }) => ({
      sessionId: session,
      seq: line.seq,
      at: line.event.at,
      kind: line.event.kind,
      body: JSON.stringify(line.event),
    }));
    writes.push(prisma.runEvent.createMany({ data }));
  }
  for (const { session, question } of change.questions ?? []) {
    const data = {
      sessionId: session,
      id: question.id,
      status: question.status,
      body: JSON.stringify(question),
      askedAt: question.askedAt,
      answeredAt: question.status === "answered" ? question.answer.at : null,
      answeredBy: question.status === "answered" ? question.answer.by : null,
    };
    const where = { sessionId_id: { sessionId: session, id: question.id } };
    writes.push(prisma.question.upsert({ where, create: data, update: data, select: { id: true } }));
  }
  for (const { session, status, comment } of change.comments ?? []) {
    const { id, at: writtenAt } = comment;
    const data = { sessionId: session, id, status, body: JSON.stringify(comment), at: writtenAt };
    const where = { sessionId_id: { sessionId: session, id } };
    writes.push(prisma.diffComment.upsert({ where, create: data, update: data, select: { id: true } }));
  }
  for (const { key, lane, session, intent } of change.effects ?? []) {
    const { kind, ...body } = intent;
    const data = { key, lane, kind, sessionId: session, body: JSON.stringify(body), createdAt: at };
    writes.push(prisma.effect.upsert({ where: { key }, create: data, update: {}, select: { id: true } }));
  }
  for (const landing of change.landings ?? []) {
    writes.push(prisma.landing.create({ data: landingRow(landing), select: { id: true } }));
  }
  for (const loop of change.loops ?? []) {
    const data = loopData(loop);
    writes.push(
      prisma.loop.upsert({ where: { id: loop.id }, create: data, update: data, select: { id: true } }),
    );
  }
  if (change.done && change.done.length > 0) {
    const where = { id: { in: [...change.done] } };
    writes.push(prisma.effect.updateMany({ where, data: { doneAt: at, problem: null } }));
  }
  if (change.team) writes.push(...teamWrites(prisma, change.team));
  for (const { id, problem } of change.abandoned ?? []) {
    writes.push(prisma.effect.update({ where: { id }, data: { doneAt: at, problem }, select: { id: true } }));
  }
  for (const row of change.standingAnswers ?? []) {
    const data = standingAnswerData(row);
    writes.push(
      prisma.standingAnswer.upsert({
        where: { id: row.id },
        create: data,
        update: data,
        select: { id: true },
      }),
    );
  }
  for (const row of change.webhooks ?? []) {
    const data = webhookData(row);
    writes.push(
      prisma.webhook.upsert({ where: { id: row.id }, create: data, update: data, select: { id: true } }),
    );
  }
  for (const entry of change.audit ?? []) writes.push(prisma.audit.create({ data: { ...entry, at } }));
  if (change.receipt) {
    const { answer, ...rest } = change.receipt;
    writes.push(prisma.command.create({ data: { ...rest, at, answer: JSON.stringify(answer) } }));
  }
  return writes;
}

/** These have gained fields since; what an older version did not write is filled in. */
const grown = new Set(["part-held", "part-failed", "review-concluded", "rework-started"]);

function eventOf(kind: string, body: string): RunEvent {
  const event: unknown = JSON.parse(body);
  return grown.has(kind) ? runEventSchema.parse(event) : (event as RunEvent);
}

function sessionData(row: SessionRow) {
  return {
    id: row.id,
    repositoryId: row.repository,
    item: row.item,
    openKey: row.open ? `${row.repository}/${row.item}` : null,
    state: JSON.stringify(row.state),
    status: row.state.status,
    since: row.view.since,
    view: JSON.stringify(row.view),
    seq: row.seq,
    inbox: row.inbox,
    spec: row.spec && JSON.stringify(row.spec),
    createdBy: row.view.createdBy,
    createdAt: row.view.createdAt,
    endedAt: row.view.endedAt,
  };
}

const laterFields: Partial<SessionView> = { comments: 0, overruled: null };

function sessionOf(row: Model.Session): SessionRow {
  return {
    id: parseSessionId(row.id),
    repository: parseRepositoryId(row.repositoryId),
    item: parseItemId(row.item),
    open: row.openKey !== null,
    state: JSON.parse(row.state) as SessionState,
    // What an older version did not keep is filled in.
    view: { ...laterFields, ...(JSON.parse(row.view) as SessionView) },
    spec: row.spec === null ? null : (JSON.parse(row.spec) as Spec),
    seq: row.seq,
    inbox: row.inbox,
  };
}

function effectOf(row: Model.Effect): EffectRow {
  return {
    id: row.id,
    key: row.key,
    lane: row.lane,
    session: row.sessionId === null ? null : parseSessionId(row.sessionId),
    intent: { kind: row.kind, ...(JSON.parse(row.body) as object) } as Intent,
    createdAt: row.createdAt,
    attempts: row.attempts,
    problem: row.problem,
    doneAt: row.doneAt,
  };
}

function factRow(fact: Omit<Fact, "seq">) {
  const { at, name, repository, session, actor } = fact;
  return { at, name, repositoryId: repository, sessionId: session, actor, body: JSON.stringify(fact) };
}

function factOf(row: Model.Fact): Fact {
  return { seq: row.seq, ...(JSON.parse(row.body) as Omit<Fact, "seq">) };
}

/** The unique `openKey` is the only constraint that two right decisions can meet at. */
function isTakenPlace(error: unknown) {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError) || error.code !== "P2002") return false;
  return JSON.stringify(error.meta ?? {}).includes("openKey") || error.message.includes("openKey");
}
