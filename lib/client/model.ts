import type {
  Alert,
  Fact,
  FollowAnswer,
  ItemView,
  LandingView,
  LoopView,
  MeView,
  SessionOverlapView,
  Pulse,
  QuestionView,
  RepositoryView,
  SessionView,
  Snapshot,
} from "#lib/contract/wire.ts";

/** What a client knows of the server: a snapshot and every fact since, folded. Never changed in place. */
export interface Model {
  /** The last fact that it includes. */
  readonly seq: number;
  readonly me: MeView;
  readonly repositories: ReadonlyMap<string, RepositoryView>;
  readonly sessions: ReadonlyMap<string, SessionView>;
  /** The open ones, by {@link questionKey}. */
  readonly questions: ReadonlyMap<string, QuestionView>;
  /** The open ones, by {@link itemKey}. */
  readonly items: ReadonlyMap<string, ItemView>;
  readonly landings: ReadonlyMap<string, LandingView>;
  /** Of the sessions that meet others, by session. */
  readonly overlaps: ReadonlyMap<string, SessionOverlapView>;
  readonly loops: ReadonlyMap<string, LoopView>;
  /** What holds work up now; told anew after each connection. */
  readonly alerts: readonly Alert[];
  /** The newest facts, oldest first. */
  readonly recent: readonly Fact[];
}

const keptFacts = 200;

export function questionKey(question: QuestionView): string {
  return `${question.session}/${question.question.id}`;
}

/** Two repositories may use the same item ids. */
export function itemKey(repository: string, item: string): string {
  return `${repository}/${item}`;
}

export function fromSnapshot(snapshot: Snapshot): Model {
  return {
    seq: snapshot.seq,
    me: snapshot.me,
    repositories: byKey(snapshot.repositories, ({ id }) => id),
    sessions: byKey(snapshot.sessions, ({ id }) => id),
    questions: byKey(snapshot.questions.filter(isOpenQuestion), questionKey),
    items: byKey(snapshot.items.filter(isOpenItem), (item) => itemKey(item.repository, item.id)),
    landings: byKey(snapshot.landings, ({ id }) => id),
    overlaps: byKey(snapshot.overlaps, ({ session }) => session),
    loops: byKey(snapshot.loops, ({ id }) => id),
    alerts: [],
    recent: snapshot.recent.slice(-keptFacts),
  };
}

/** Folds facts in, in their order. Those that the model includes already change nothing. */
export function withFacts(model: Model, facts: readonly Fact[]): Model {
  const news = facts.filter(({ seq }) => seq > model.seq);
  return news.length === 0 ? model : news.reduce(withFact, model);
}

function withFact(model: Model, fact: Fact): Model {
  const { changes } = fact;
  const removed = new Set((changes.removedItems ?? []).map(({ repository, id }) => itemKey(repository, id)));
  const next: Model = {
    ...model,
    seq: fact.seq,
    repositories: put(model.repositories, changes.repositories, ({ id }) => id),
    sessions: put(model.sessions, changes.sessions, ({ id }) => id),
    questions: put(model.questions, changes.questions, questionKey, isOpenQuestion),
    items: without(
      put(model.items, changes.items, (item) => itemKey(item.repository, item.id), isOpenItem),
      removed,
    ),
    landings: put(model.landings, changes.landings, ({ id }) => id),
    overlaps: put(model.overlaps, changes.overlaps, ({ session }) => session, meetsOthers),
    loops: put(model.loops, changes.loops, ({ id }) => id),
    recent: [...model.recent, fact].slice(-keptFacts),
  };
  const gone = new Set<string>(changes.removedRepositories ?? []);
  return gone.size === 0 ? next : withoutRepositories(next, gone);
}

function withoutRepositories(model: Model, gone: ReadonlySet<string>): Model {
  const isElsewhere = ({ repository }: { readonly repository: string }) => !gone.has(repository);
  return {
    ...model,
    repositories: without(model.repositories, gone),
    sessions: only(model.sessions, isElsewhere),
    items: only(model.items, isElsewhere),
    landings: only(model.landings, isElsewhere),
    loops: only(model.loops, isElsewhere),
  };
}

/** Signs of life change what a session's evidence says, and nothing else. */
export function withPulses(model: Model, pulses: readonly Pulse[]): Model {
  const known = pulses.flatMap(({ session, evidence }) => {
    const view = model.sessions.get(session);
    return view ? [{ ...view, evidence }] : [];
  });
  return known.length === 0 ? model : { ...model, sessions: put(model.sessions, known, ({ id }) => id) };
}

/** What a `follow` answered; null stays null only where facts came without a snapshot before them. */
export function withAnswer(model: Model | null, answer: FollowAnswer): Model | null {
  if (answer.kind === "snapshot") return fromSnapshot(answer.snapshot);
  return model && withFacts(model, answer.facts);
}

/** True where pushed facts do not join on: something between was missed. */
export function hasGap(model: Model, facts: readonly Fact[]): boolean {
  const first = facts.find(({ seq }) => seq > model.seq);
  return first !== undefined && first.seq !== model.seq + 1;
}

function isOpenQuestion({ question }: QuestionView): boolean {
  return question.status === "open";
}

function meetsOthers({ meetings }: SessionOverlapView): boolean {
  return meetings.length > 0;
}

function isOpenItem({ status }: ItemView): boolean {
  return status !== "closed";
}

function byKey<View>(views: readonly View[], keyOf: (view: View) => string): ReadonlyMap<string, View> {
  return new Map(views.map((view) => [keyOf(view), view]));
}

/** The new views in place of the old ones; those that are no longer kept go. */
function put<View>(
  old: ReadonlyMap<string, View>,
  views: readonly View[] | undefined,
  keyOf: (view: View) => string,
  isKept: (view: View) => boolean = () => true,
): ReadonlyMap<string, View> {
  if (!views || views.length === 0) return old;
  const next = new Map(old);
  for (const view of views) {
    if (isKept(view)) next.set(keyOf(view), view);
    else next.delete(keyOf(view));
  }
  return next;
}

function only<View>(
  old: ReadonlyMap<string, View>,
  isKept: (view: View) => boolean,
): ReadonlyMap<string, View> {
  return new Map([...old].filter(([, view]) => isKept(view)));
}

function without<View>(old: ReadonlyMap<string, View>, gone: ReadonlySet<string>): ReadonlyMap<string, View> {
  if (gone.size === 0) return old;
  return new Map([...old].filter(([key]) => !gone.has(key)));
}
