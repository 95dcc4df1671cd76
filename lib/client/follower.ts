import type { Alert, Fact, FollowAnswer, MeView, Pulse } from "#lib/contract/wire.ts";
import type { Model } from "./model.ts";
import { hasGap, withAnswer, withFacts, withPulses } from "./model.ts";

/**
 * Keeps a model exactly up to date over a connection that comes and goes. Facts pushed while an answer
 * is on its way wait for it, so that none is lost between the two, and none counts twice.
 */
export class Follower {
  #model: Model | null = null;
  /** Counts the catch-ups, so that the answer of one that a reconnect overtook is dropped. */
  #round = 0;
  #catchingUp = false;
  #held: Fact[] = [];
  readonly #follow: (since: number | null) => Promise<FollowAnswer>;
  readonly #changed: (model: Model) => void;

  /** `follow` asks the server; `changed` is called with every new model. */
  constructor(follow: (since: number | null) => Promise<FollowAnswer>, changed: (model: Model) => void) {
    this.#follow = follow;
    this.#changed = changed;
  }

  get model(): Model | null {
    return this.#model;
  }

  /** To be called on every (re)connection: asks for exactly what was missed. Rejects as `follow` does. */
  async catchUp(): Promise<void> {
    const round = ++this.#round;
    this.#catchingUp = true;
    try {
      const answer = await this.#follow(this.#model?.seq ?? null);
      if (round !== this.#round) return;
      this.#set(withAnswer(this.#model, answer));
      // A hole among those that waited would be older than the answer, which holds all until it was given.
      const held = this.#held;
      this.#held = [];
      if (this.#model) this.#set(withFacts(this.#model, held));
    } finally {
      if (round === this.#round) this.#catchingUp = false;
    }
  }

  /** Facts that the server pushed. */
  take(facts: readonly Fact[]): void {
    if (this.#catchingUp || !this.#model) {
      this.#held.push(...facts);
      return;
    }
    if (hasGap(this.#model, facts)) {
      this.#held.push(...facts);
      // A failure here is a lost connection, and the next connection catches up anyway.
      this.catchUp().catch(() => undefined);
      return;
    }
    this.#set(withFacts(this.#model, facts));
  }

  /** What the person here may do has changed. */
  meet(me: MeView): void {
    if (this.#model) this.#set({ ...this.#model, me });
  }

  pulse(pulses: readonly Pulse[]): void {
    if (this.#model) this.#set(withPulses(this.#model, pulses));
  }

  alert(alerts: readonly Alert[]): void {
    if (this.#model) this.#set({ ...this.#model, alerts });
  }

  #set(model: Model | null): void {
    if (!model || model === this.#model) return;
    this.#model = model;
    this.#changed(model);
  }
}
