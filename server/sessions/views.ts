import type { QuestionView, RepositoryView, SessionView } from "#lib/contract/wire.ts";
import type { RepositoryId } from "#lib/domain/ids.ts";
import type { QuestionRow, SessionRow } from "./ports.ts";
import { questionView } from "./question-view.ts";
import { repositoryView } from "./repositories.ts";
import type { Room } from "./room.ts";

type ViewRoom = Pick<Room, "store" | "pulses" | "downstreamOf" | "problemOf">;

/** Sessions as clients see them now, with the evidence for it. */
export function sessionViews(room: ViewRoom, rows: readonly SessionRow[]): Promise<SessionView[]> {
  return Promise.all(rows.map(async (row) => ({ ...row.view, evidence: await room.pulses.evidenceOf(row) })));
}

/** Questions with what waits behind them; the weightiest first. */
export async function questionViews(
  room: ViewRoom,
  questions: readonly QuestionRow[],
): Promise<QuestionView[]> {
  const rows = new Map<string, SessionRow>();
  for (const id of new Set(questions.map(({ session }) => session))) {
    const row = await room.store.session(id);
    if (row) rows.set(id, row);
  }
  const views = questions.flatMap(({ session, question }) => {
    const row = rows.get(session);
    return row ? [questionView(row, question, room.downstreamOf(row))] : [];
  });
  return views.sort(
    (a, b) => b.downstream - a.downstream || a.question.askedAt.localeCompare(b.question.askedAt),
  );
}

export async function repositoryViews(room: ViewRoom): Promise<RepositoryView[]> {
  const rows = await room.store.repositories();
  return Promise.all(rows.map(async (row) => repositoryView(row, await room.problemOf(row))));
}

/** Every open session and the newest ended ones. */
export async function currentSessions(
  room: ViewRoom,
  repository: RepositoryId | null,
): Promise<SessionView[]> {
  const open = await room.store.open(repository);
  const ended = await room.store.sessions({ repository, open: false, limit: 50 });
  return sessionViews(room, [...open, ...ended]);
}
