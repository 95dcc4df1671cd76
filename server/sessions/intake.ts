import type { InboxEntry } from "#lib/contract/files.ts";
import { needsRunner } from "#lib/domain/due.ts";
import type { SessionId } from "#lib/domain/ids.ts";
import type { Run } from "#lib/domain/run-state.ts";
import { newRun } from "#lib/domain/run-state.ts";
import { replay } from "#lib/domain/run.ts";
import { crashPoint } from "../crash-point.ts";
import type { Git } from "../ports.ts";
import { applyStandingAnswers } from "../questions/apply-standing-answers.ts";
import { coverWords } from "./cover-words.ts";
import { coalesce } from "./coalesce.ts";
import type { Ledger } from "./ledger.ts";
import { foldEvents } from "./fold-events.ts";
import { sendAgain } from "./lost-mail.ts";
import type { AuditEntry, Change, NewFact, SessionRow, SessionStore } from "./ports.ts";
import { questionView } from "./question-view.ts";
import { readEvents, writeKeptEvents } from "./session-files.ts";
import { trackerLane, workLane } from "./session-row.ts";

interface Cursor {
  readonly run: Run;
  /** Of the last event that is folded in. */
  readonly seq: number;
  /** Byte behind it in `events.jsonl`. */
  readonly offset: number;
  readonly damage: string | null;
}

export interface Intake {
  /** Takes in what the runner has written since; calls for one session join. */
  takeIn(session: SessionId): Promise<void>;
  /** The run as far as it was taken in. */
  runOf(row: SessionRow): Promise<Run>;
  /** A runner has to look after it, as far as its run was taken in; yes where that was never looked at. */
  needsRunner(row: SessionRow): boolean;
}

/** Events of one decision, so that a long history lets other work in between. */
const batch = 200;

const fallbackLimits = { reworkRounds: 2, repairs: 2 };

/** Takes the runner's events into the database, each exactly once, with the facts that they are. */
export function createIntake(deps: {
  store: SessionStore;
  ledger: Ledger;
  git: Git;
  downstreamOf(row: SessionRow): number;
  redact(text: string): string;
}): Intake {
  const { store, ledger, git } = deps;
  const cursors = new Map<SessionId, Cursor>();
  const intakes = new Map<SessionId, () => Promise<void>>();

  async function cursorOf(row: SessionRow): Promise<Cursor> {
    const known = cursors.get(row.id);
    if (known?.seq === row.seq) return known;
    const events = (await store.events(row.id)).map(({ event }) => event);
    const { run } = replay(events, row.spec?.limits ?? fallbackLimits);
    const cursor = { run: events.length === 0 ? newRun : run, seq: row.seq, offset: 0, damage: null };
    cursors.set(row.id, cursor);
    return cursor;
  }

  async function takeInOnce(session: SessionId): Promise<boolean> {
    const row = await store.session(session);
    if (!row?.spec) return false;
    const cursor = await cursorOf(row);
    // After a restart the file is read from its beginning; what was taken in already is skipped.
    const read = await readEvents(
      row.view.directory,
      cursor.offset,
      cursor.offset === 0 ? 1 : cursor.seq + 1,
    );
    const fresh = read.lines.filter(({ seq }) => seq > cursor.seq);
    const lines = fresh
      .slice(0, batch)
      .map((line) => ({ ...line, event: coverWords(line.event, (text) => deps.redact(text)) }));
    const isAll = lines.length === fresh.length;
    const isShort = cursor.offset === 0 && (read.lines.at(-1)?.seq ?? 0) < cursor.seq;
    const found = read.damage ?? (isShort ? "events.jsonl has lost events" : null);
    const damage = isAll && found !== cursor.damage ? found : null;
    if (damage !== null && cursor.seq > 0)
      await writeKeptEvents(row.view.directory, await store.events(session));
    if (lines.length === 0 && damage === null) {
      cursors.set(session, { ...cursor, offset: isAll ? read.next : cursor.offset });
      return false;
    }
    const changes = await changesOf(row, cursor.run, lines);
    crashPoint("intake:read");
    await ledger.write(async (at) => {
      const current = await store.session(session);
      if (!current?.spec || current.seq !== row.seq) return { change: {}, result: undefined };
      const known = await store.questionsOf(session);
      const folded = foldEvents({ row: current, run: cursor.run, known }, lines, current.spec.limits);
      const mail = sendAgain({
        row: folded.row,
        handled: cursor.run.handled,
        lines,
        sent: lines.some(({ event }) => "inbox" in event) ? await sentTo(session) : [],
      });
      const after = changes ? { ...mail.row, view: { ...mail.row.view, changes } } : mail.row;
      const next: Cursor = {
        run: folded.run,
        seq: after.seq,
        offset: isAll ? read.next : 0,
        damage: found,
      };
      const asked = folded.questions.filter(
        ({ id, status }) => status === "open" && !known.some((each) => each.id === id),
      );
      const applied =
        asked.length > 0
          ? applyStandingAnswers({
              row: after,
              questions: [
                ...known.filter(({ id }) => !folded.questions.some((each) => each.id === id)),
                ...folded.questions,
              ],
              asked,
              rules: await store.standingAnswers(after.repository, false),
              downstream: deps.downstreamOf(after),
              at,
            })
          : null;
      const views = folded.questions.map((question) =>
        questionView(after, question, deps.downstreamOf(after)),
      );
      const fact = (name: NewFact["name"], text: string, actor: string): NewFact => ({
        name,
        text,
        actor,
        repository: after.repository,
        session,
        changes: { sessions: [after.view], ...(views.length > 0 ? { questions: views } : {}) },
      });
      const facts = folded.news.map(({ name, text, actor }) => fact(name, text, actor));
      for (const text of mail.warnings) facts.push(fact("warning:raised", text, "server"));
      if (damage) facts.push(fact("warning:raised", `${after.item}: ${damage}.`, "server"));
      const isVisible = JSON.stringify(current.view) !== JSON.stringify(after.view) || views.length > 0;
      if (facts.length === 0 && isVisible) facts.push(fact("session:moved", movedText(after), session));
      const change: Change = {
        sessions: [applied?.row ?? after],
        events: lines.map((line) => ({ session, line })),
        questions: folded.questions.map((question) => ({
          session,
          question: applied?.questions.find(({ id }) => id === question.id) ?? question,
        })),
        facts: [...facts, ...(applied?.change.facts ?? [])],
        effects: [
          ...mail.effects,
          ...(folded.discarded ? givenUp(after) : []),
          ...(applied?.change.effects ?? []),
        ],
        audit: [...forgeriesIn(session, lines), ...mail.audit, ...(applied?.change.audit ?? [])],
        standingAnswers: applied?.change.standingAnswers ?? [],
      };
      cursors.set(session, next);
      return { change, result: undefined };
    });
    crashPoint("intake:committed");
    return !isAll;
  }

  async function sentTo(session: SessionId): Promise<InboxEntry[]> {
    return (await store.inboxOf(session)).flatMap(({ intent }) =>
      intent.kind === "inbox" ? [intent.entry as InboxEntry] : [],
    );
  }

  /** What the branch changes by now, looked up before the decision; null where that is not known anew. */
  async function changesOf(row: SessionRow, run: Run, lines: Parameters<typeof foldEvents>[1]) {
    const limits = row.spec?.limits ?? fallbackLimits;
    const folded = foldEvents({ row, run, known: [] }, lines, limits);
    const { base, head } = folded.run;
    if (!folded.headMoved || !base || !head || !row.spec) return null;
    if (base === head) return { files: 0, added: 0, removed: 0 };
    try {
      const files = await git.changes(row.spec.repository.root, base, head);
      const sum = (pick: (file: (typeof files)[number]) => number | null) =>
        files.reduce((total, file) => total + (pick(file) ?? 0), 0);
      return { files: files.length, added: sum((file) => file.added), removed: sum((file) => file.removed) };
    } catch {
      // The branch may be gone by now; the events count all the same.
      return null;
    }
  }

  return {
    takeIn(session) {
      let takeIn = intakes.get(session);
      if (!takeIn) {
        takeIn = coalesce(async () => {
          while (await takeInOnce(session));
        });
        intakes.set(session, takeIn);
      }
      return takeIn();
    },
    async runOf(row) {
      return (await cursorOf(row)).run;
    },
    needsRunner(row) {
      if (!row.spec) return false;
      const run = cursors.get(row.id)?.run;
      return run === undefined || needsRunner(run, row.spec.limits, row.inbox);
    },
  };
}

/** What somebody wrote in the runner's place is written down for good. */
function forgeriesIn(session: SessionId, lines: Parameters<typeof foldEvents>[1]): AuditEntry[] {
  return lines.flatMap(({ event }) =>
    event.kind === "forgery-found"
      ? [
          {
            actor: session,
            action: "forgery",
            target: session,
            outcome: "rejected",
            detail: `${event.file} ${event.kept}`,
          },
        ]
      : [],
  );
}

/** What happens when a session's work is given up: kept under archive refs, and its item is free again. */
export function givenUp(row: SessionRow) {
  return [
    { key: `${row.id}/archive`, lane: workLane(row), session: row.id, intent: { kind: "archive" } },
    { key: `${row.id}/release`, lane: trackerLane(row), session: row.id, intent: { kind: "release" } },
  ] as const;
}

function movedText({ item, state }: SessionRow): string {
  return `${item} is ${state.status}.`;
}
