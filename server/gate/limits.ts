import { setTimeout } from "node:timers/promises";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { Line, Visitor } from "#server/team/visitor.ts";

/** How often something may be tried. Each answers null, or after how many seconds to try again. */
export interface Limits {
  /**
   * Counts an attempt to sign in before it is looked at, so that guesses at the same time count too. What an address is
   * refused counts for nobody else, and this machine's own attempts are not among those of the network.
   */
  login(from: Caller): Promise<number | null>;
  /** Takes an attempt back that was none: it succeeded. */
  loginSucceeded(from: Caller): Promise<void>;
  command(visitor: Visitor): Promise<number | null>;
  /** Whoever asks too fast waits for their turn here; refused is only who leaves too much waiting. */
  turn(visitor: Visitor): Promise<number | null>;
  /** Takes one of a person's places for an answer that goes on, and answers how to give it back; null where all are taken. */
  hold(visitor: Visitor): (() => void) | null;
}

/** Who tries to sign in. */
export interface Caller {
  readonly address: string;
  readonly line: Line;
}

const minute = 60;
const hour = 3600;

/**
 * Commands of a login or token: a script that runs wild does not keep its owner from pressing "Stop". The rest of a person,
 * whatever they come in with. Whoever holds this machine's own token could do worse than ask often.
 */
export const most = { commandsPerMinute: 300, turnsPerSecond: 100, waiting: 64, streams: 32, sockets: 64 };

export function createLimits(): Limits {
  const ofAddress = [
    new RateLimiterMemory({ points: 5, duration: minute }),
    new RateLimiterMemory({ points: 20, duration: hour }),
  ];
  const ofNetwork = new RateLimiterMemory({ points: 200, duration: hour });
  const commands = new RateLimiterMemory({ points: most.commandsPerMinute, duration: minute });
  const turns = new RateLimiterMemory({ points: most.turnsPerSecond, duration: 1 });
  const waiting = createCounts();
  const streams = createCounts();
  const loginsOf = ({ address, line }: Caller) => [
    ...ofAddress.map((limiter) => ({ limiter, key: address })),
    ...(line.kind === "machine" ? [] : [{ limiter: ofNetwork, key: "network" }]),
  ];
  return {
    async login(from) {
      for (const { limiter, key } of loginsOf(from)) {
        const wait = await spend(limiter, key);
        if (wait !== null) return wait;
      }
      return null;
    },
    async loginSucceeded(from) {
      await Promise.all(loginsOf(from).map(({ limiter, key }) => limiter.reward(key, 1)));
    },
    command: ({ credential }) => (credential === null ? Promise.resolve(null) : spend(commands, credential)),
    async turn({ credential, actor: { person } }) {
      if (credential === null) return null;
      for (;;) {
        const wait = await spend(turns, person);
        if (wait === null) return null;
        const done = waiting.take(person, most.waiting);
        if (done === null) return wait;
        await setTimeout(wait * 1000, undefined, { ref: false }).finally(done);
      }
    },
    hold: ({ credential, actor }) =>
      credential === null ? () => undefined : streams.take(actor.person, most.streams),
  };
}

/** How many of something each person has at the moment. */
function createCounts() {
  const counts = new Map<string, number>();
  return {
    take(person: string, limit: number): (() => void) | null {
      const count = counts.get(person) ?? 0;
      if (count >= limit) return null;
      counts.set(person, count + 1);
      return () => {
        const left = (counts.get(person) ?? 1) - 1;
        if (left > 0) counts.set(person, left);
        else counts.delete(person);
      };
    },
  };
}

async function spend(limiter: RateLimiterMemory, key: string): Promise<number | null> {
  try {
    await limiter.consume(key);
    return null;
  } catch (refused) {
    if (refused instanceof RateLimiterRes) return Math.max(1, Math.ceil(refused.msBeforeNext / 1000));
    throw refused;
  }
}
