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
  socketEvent(visitor: Visitor): Promise<number | null>;
}

/** Who tries to sign in. */
export interface Caller {
  readonly address: string;
  readonly line: Line;
}

const minute = 60;
const hour = 3600;

/** Of a person at a browser; whoever holds this machine's own token could do worse than ask often. */
const commandsPerMinute = 300;
const eventsPerSecond = 100;

export function createLimits(): Limits {
  const ofAddress = [
    new RateLimiterMemory({ points: 5, duration: minute }),
    new RateLimiterMemory({ points: 20, duration: hour }),
  ];
  const ofNetwork = new RateLimiterMemory({ points: 200, duration: hour });
  const commands = new RateLimiterMemory({ points: commandsPerMinute, duration: minute });
  const events = new RateLimiterMemory({ points: eventsPerSecond, duration: 1 });
  const ofPerson = (limiter: RateLimiterMemory, { credential }: Visitor) =>
    credential === null ? Promise.resolve(null) : spend(limiter, credential);
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
