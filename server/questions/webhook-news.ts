import { attentionOf, type Attention } from "#lib/domain/attention.ts";
import type { Change, NewEffect, NewFact, SessionRow, SessionStore } from "../sessions/ports.ts";
import { webhookLane } from "./webhook-view.ts";

type Views = NewFact["changes"];

/**
 * Adds to a decision the messages that follow from it: one for each webhook and each thing that needs a person now,
 * in the same transaction and under a key of its own, so that none is lost and none is sent for twice.
 */
export function createWebhookNews(deps: {
  store: SessionStore;
  downstreamOf(row: Pick<SessionRow, "repository" | "item">): number;
  /** Covers secrets: what agents say may hold some, and the other side is not ours. */
  redact(text: string): string;
}): (change: Change, at: string) => Promise<Change> {
  const { store } = deps;
  return async (change, at) => {
    const facts = change.facts ?? [];
    if (!facts.some(({ changes }) => changes.sessions || changes.questions || changes.loops)) return change;
    const hooks = await store.webhooks();
    if (hooks.length === 0) return change;
    const needed = await newlyNeeded(
      change,
      facts.map(({ changes }) => changes),
    );
    const queue = needed.map((attention) => ({
      ...attention,
      text: deps.redact(attention.text),
      item: { ...attention.item, title: deps.redact(attention.item.title) },
    }));
    if (queue.length === 0) return change;
    const names = new Map((await store.repositories()).map(({ id, name }) => [id, name]));
    const effects = queue.flatMap((attention) =>
      hooks.map(({ id: hook }): NewEffect => {
        const id = `${attention.key}/${attention.kind}@${attention.since}`;
        const news = { at, repository: names.get(attention.repository) ?? attention.repository, attention };
        return {
          key: `webhook/${hook}/${id}`,
          lane: webhookLane(hook),
          session: null,
          intent: { kind: "webhook", hook, id, news },
        };
      }),
    );
    return { ...change, effects: [...(change.effects ?? []), ...effects] };
  };

  async function newlyNeeded(change: Change, views: readonly Views[]): Promise<Attention[]> {
    const sessions = latest(
      views,
      ({ sessions: all }) => all,
      ({ id }) => id,
    );
    const rows = new Map(change.sessions?.map((row) => [row.id, row]));
    const running = await store.loops({ status: "running", limit: 100 });
    const told = latest(
      views,
      ({ loops }) => loops,
      ({ id }) => id,
    );
    const loops = [...told, ...running.filter(({ id }) => !told.some((each) => each.id === id))];
    const queue = attentionOf({
      sessions,
      questions: latest(
        views,
        ({ questions }) => questions,
        ({ session, question }) => `${session}/${question.id}`,
      ),
      landings: latest(
        views,
        ({ landings }) => landings,
        ({ id }) => id,
      ),
      loops,
      downstreamOf: (repository, item) => deps.downstreamOf({ repository, item }),
    });
    return queue.filter(
      ({ kind, session }) => kind !== "rejected" || isFinal(session ? rows.get(session) : undefined),
    );
  }
}

/** A rejection that goes into its next round by itself needs nobody. */
function isFinal(row: SessionRow | undefined): boolean {
  return !row?.spec || row.view.round >= row.spec.limits.reworkRounds;
}

/** Of several views of one thing the last one counts. */
function latest<View>(
  all: readonly Views[],
  pick: (views: Views) => readonly View[] | undefined,
  keyOf: (view: View) => string,
): View[] {
  return [...new Map(all.flatMap((views) => pick(views) ?? []).map((view) => [keyOf(view), view])).values()];
}
