import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { Visitor } from "#server/team/visitor.ts";

/** How often something may be tried. Each answers null, or after how many seconds to try again. */
export interface Limits {
  /** Counts an attempt to sign in before it is looked at, so that guesses at the same time count too. */
  login(address: string): Promise<number | null>;
  /** Takes an attempt back that was none: it succeeded. */
  loginSucceeded(address: string): Promise<void>;
  command(visitor: Visitor): Promise<number | null>;
  socketEvent(visitor: Visitor): Promise<number | null>;
}

const minute = 60;
const hour = 3600;

/** Of a person at a browser; whoever holds this machine's own token could do worse than ask often. */
const commandsPerMinute = 300;
const eventsPerSecond = 100;

export function createLimits(): Limits {
  const logins = [
    { limiter: new RateLimiterMemory({ points: 5, duration: minute }), keyOf: (address: string) => address },
    { limiter: new RateLimiterMemory({ points: 20, duration: hour }), keyOf: (address: string) => address },
    { limiter: new RateLimiterMemory({ points: 200, duration: hour }), keyOf: () => "everybody" },
  ];
  const commands = new RateLimiterMemory({ points: commandsPerMinute, duration: minute });
  const events = new RateLimiterMemory({ points: eventsPerSecond, duration: 1 });
  const ofPerson = (limiter: RateLimiterMemory, { credential }: Visitor) =>
    credential === null ? Promise.resolve(null) : spend(limiter, credential);
  return {
    async login(address) {
      const waits = await Promise.all(logins.map(({ limiter, keyOf }) => spend(limiter, keyOf(address))));
      const longest = Math.max(...waits.map((wait) => wait ?? 0));
      return longest === 0 ? null : longest;
    },
    async loginSucceeded(address) {
      await Promise.all(logins.map(({ limiter, keyOf }) => limiter.reward(keyOf(address), 1)));
    },
    command: (visitor) => ofPerson(commands, visitor),
    socketEvent: (visitor) => ofPerson(events, visitor),
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
