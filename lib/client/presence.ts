import type { Attendance, PresenceNews, PresentPerson, Whereabouts } from "#lib/contract/wire.ts";

/** Who is here, as the server told; nobody while the line is cut, for then nobody can tell. */
export interface Company {
  /** The id of the person who looks at this page. */
  readonly you: string | null;
  readonly here: ReadonlyMap<string, PresentPerson>;
}

export const nobody: Company = { you: null, here: new Map() };

type Question = NonNullable<Whereabouts["answering"]>;

/** Less than the server's lease, so that one late packet changes nothing. */
const renewEveryMs = 4_000;
/** Who has not touched a draft for this long has gone to do something else. */
const idleAfterMs = 60_000;

/** Tells the server where this window is, as often as it takes and one thing at a time, and keeps who else is here. */
export class Presence {
  #where: Whereabouts = { session: null, answering: null };
  #company: Company = nobody;
  #isOnline = false;
  #isTelling = false;
  #isBehind = false;
  #touchedAt = 0;
  #renewal: ReturnType<typeof setTimeout> | null = null;
  readonly #tell: (where: Whereabouts) => Promise<Attendance>;
  readonly #changed: (company: Company) => void;

  /** `tell` asks the server; `changed` is called with every new company. */
  constructor(tell: (where: Whereabouts) => Promise<Attendance>, changed: (company: Company) => void) {
    this.#tell = tell;
    this.#changed = changed;
  }

  /** To be called on every (re)connection. */
  connected(): void {
    this.#isOnline = true;
    void this.#tellNow();
  }

  disconnected(): void {
    this.#isOnline = false;
    this.#set(nobody);
  }

  /** The session that this window shows, or null. */
  look(session: Whereabouts["session"]): void {
    if (session === this.#where.session) return;
    this.#where = { ...this.#where, session };
    void this.#tellNow();
  }

  /** The answer to this question was just written on. */
  write(question: Question): void {
    this.#touchedAt = Date.now();
    if (isSame(question, this.#where.answering)) return;
    this.#where = { ...this.#where, answering: question };
    void this.#tellNow();
    this.#renewLater();
  }

  /** The answer was sent or given up. */
  rest(question: Question): void {
    if (!isSame(question, this.#where.answering)) return;
    this.#where = { ...this.#where, answering: null };
    void this.#tellNow();
    this.#renewLater();
  }

  /** What the server pushed. */
  take({ here, gone }: PresenceNews): void {
    const next = new Map(this.#company.here);
    for (const person of here) next.set(person.id, person);
    for (const id of gone) next.delete(id);
    this.#set({ ...this.#company, here: next });
  }

  close(): void {
    this.#isOnline = false;
    if (this.#renewal) clearTimeout(this.#renewal);
  }

  /** One at a time: what changes meanwhile is told when the answer is here, and only as it is then. */
  async #tellNow(): Promise<void> {
    if (!this.#isOnline) return;
    if (this.#isTelling) {
      this.#isBehind = true;
      return;
    }
    this.#isTelling = true;
    // A failure is a line that was cut: the next connection tells it all again.
    const attendance = await this.#tell(this.#where).catch(() => null);
    this.#isTelling = false;
    if (attendance) this.#attend(attendance);
    if (!this.#isBehind) return;
    this.#isBehind = false;
    await this.#tellNow();
  }

  #attend({ you, here }: Attendance): void {
    if (this.#isOnline) this.#set({ you, here: new Map(here.map((person) => [person.id, person])) });
  }

  #renewLater(): void {
    if (this.#renewal) clearTimeout(this.#renewal);
    this.#renewal = null;
    if (!this.#where.answering) return;
    this.#renewal = setTimeout(() => {
      if (Date.now() - this.#touchedAt > idleAfterMs) this.#where = { ...this.#where, answering: null };
      void this.#tellNow();
      this.#renewLater();
    }, renewEveryMs);
  }

  #set(company: Company): void {
    if (company === this.#company) return;
    this.#company = company;
    this.#changed(company);
  }
}

function isSame(a: Question, b: Question | null): boolean {
  return a.session === b?.session && a.question === b.question;
}
