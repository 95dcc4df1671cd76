import type { MeView, ReadName, ReadOutput, reads } from "#lib/contract/wire.ts";
import { chooseAgentType } from "#lib/domain/scheduling.ts";
import type { z } from "zod";
import { ProblemError, type Actor } from "../application.ts";
import { landingView } from "../merging/landing.ts";
import { standingAnswerView } from "../questions/standing-answers.ts";
import { readWebhooks } from "../questions/webhook-view.ts";
import { readInbox } from "../questions/inbox.ts";
import { itemDetail } from "../scheduling/item-view.ts";
import { loopView } from "../scheduling/loop-view.ts";
import { ofProject } from "../scheduling/of-project.ts";
import type { createAlerts } from "./alerts.ts";
import { type Archives, readArchive } from "./archives.ts";
import { readDiff } from "./diff.ts";
import type { TeamReads } from "../team/team-reads.ts";
import { findRepository, findSession } from "./find-session.ts";
import { approvalOf, landingRepository } from "./landing-order.ts";
import { readMergePlan } from "./plan-landings.ts";
import type { createStorage } from "./storage.ts";
import type { Room } from "./room.ts";
import { readSession } from "./session-detail.ts";
import { currentSessions, questionViews, repositoryViews, sessionViews } from "./views.ts";

type Parsed<Name extends ReadName> = z.output<(typeof reads)[Name]["input"]>;
export type Reader<Name extends ReadName> = (input: Parsed<Name>, actor: Actor) => Promise<ReadOutput<Name>>;
export type Readers = { readonly [Name in ReadName]: Reader<Name> };

/** Everything that can be asked. Where no repository is named and several are registered, it is about all. */
export function createReads(
  room: Room &
    Pick<TeamReads, "team" | "audit"> & {
      me(actor: Actor): MeView;
      doctor: Reader<"doctor">;
      archives: Archives;
      storage: Pick<ReturnType<typeof createStorage>, "read">;
      alerts: Pick<ReturnType<typeof createAlerts>, "current">;
    },
): Readers {
  const { store } = room;
  return {
    me: (_input, actor) => Promise.resolve(room.me(actor)),
    team: (_input, actor) => room.team(actor),
    audit: (query) => room.audit(query),
    repositories: () => repositoryViews(room),
    "agent-types": async ({ repository: wanted, item: id }) => {
      const repository = await findRepository(store, wanted);
      const { roles, agentTypes } = await room.readSettings(repository.root);
      const item = id && (await (await room.backlog(repository.id)).get()).items.get(id);
      return {
        types: Object.keys(roles.types),
        choice: item ? chooseAgentType(item, null, agentTypes) : null,
      };
    },
    status: async ({ repository }) => ({
      sessions: await currentSessions(room, repository),
      questions: await questionViews(room, await store.questions(repository, false)),
    }),
    sessions: async ({ repository, open, before, limit }) => {
      const rows = await store.sessions({ repository, ...(open ? { open } : {}), before, limit });
      const last = rows.length === limit ? rows.at(-1) : undefined;
      return {
        sessions: await sessionViews(room, rows),
        next: last ? `${last.view.createdAt}/${last.id}` : null,
      };
    },
    session: async ({ session }) => readSession(room, await findSession(store, session)),
    diff: async ({ session }) => readDiff(room, await findSession(store, session)),
    questions: async ({ repository, all }) => questionViews(room, await store.questions(repository, all)),
    answers: async ({ repository, all }) =>
      (await store.standingAnswers(repository, all)).map(standingAnswerView),
    webhooks: () => readWebhooks(store),
    inbox: ({ repository }) => readInbox(room, repository),
    items: async ({ repository, label, closed }) => {
      const backlog = await room.backlog((await findRepository(store, repository)).id);
      const { items } = await backlog.get();
      const all = [...items.values()].filter((item) => closed || item.status !== "closed");
      return ofProject(all, label).map((item) => backlog.view(item));
    },
    item: async ({ repository, item: id }) => {
      const backlog = await room.backlog((await findRepository(store, repository)).id);
      const item = (await backlog.get()).items.get(id);
      if (!item) throw new ProblemError("not-found", `There is no item ${id}.`);
      return itemDetail(backlog.view(item), item);
    },
    merges: async ({ repository }) => {
      const approved = await store.sessions({
        repository,
        open: true,
        statuses: ["approved", "outdated", "merging"],
        limit: 200,
      });
      const landings = await store.landings({ repository, limit: 100 });
      return { approved: await sessionViews(room, approved), landings: landings.map(landingView) };
    },
    preview: async ({ session }) => {
      const row = await findSession(store, session);
      const approval = approvalOf(row);
      if (!approval || row.state.status === "merged") {
        throw new ProblemError(
          "conflict",
          `${row.id} is ${row.state.status}; only approved work has a preview.`,
        );
      }
      const repository = landingRepository(await room.repository(row.repository));
      return room.merging.preview({ repository, session: row.id, approval });
    },
    overlaps: async ({ repository }) => Promise.resolve(room.overlaps.of(repository)),
    "merge-plan": async ({ repository }) => readMergePlan(room, await findRepository(store, repository)),
    loops: async ({ repository }) => (await store.loops({ repository, limit: 100 })).map(loopView),
    activity: async ({ repository, people, before, limit }) => {
      const facts = await store.factsBefore({ before, repository, people, limit });
      const last = facts.length === limit ? facts.at(-1) : undefined;
      return {
        facts: facts.map(({ changes: _changes, ...fact }) => fact),
        next: last && last.seq > 1 ? last.seq : null,
      };
    },
    doctor: room.doctor,
    storage: () => room.storage.read(),
    alerts: () => Promise.resolve([...room.alerts.current()]),
    archives: async ({ repository, session }) => {
      if (session !== null) {
        const row = await findSession(store, session);
        return room.archives.list(await room.repository(row.repository), row.id);
      }
      const rows =
        repository === null ? await store.repositories() : [await findRepository(store, repository)];
      return (await Promise.all(rows.map((row) => room.archives.list(row)))).flat();
    },
    archive: async ({ repository, archive }) =>
      readArchive(room, await findRepository(store, repository), archive),
  };
}
