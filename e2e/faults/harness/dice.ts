import { createHash } from "node:crypto";

/** Choices that come out the same for the same seed. */
export interface Dice {
  readonly seed: string;
  /** At least 0, less than 1. */
  readonly random: () => number;
  /** A whole number from `from` to `to`, both included. */
  readonly between: (from: number, to: number) => number;
  one<Value>(values: readonly Value[]): Value;
  /** True with this probability. */
  readonly chance: (probability: number) => boolean;
}

/** Each scenario has its own dice from the run's seed, so that it is the same alone and among others. */
export function createDice(scenario: string, run = process.env["FAULTS_SEED"] ?? "1"): Dice {
  let state = createHash("sha256").update(`${run}/${scenario}`).digest().readUInt32LE();
  // Mulberry32, by Tommy Ettinger (public domain).
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
  return {
    seed: run,
    random,
    between,
    one(values) {
      const value = values[between(0, values.length - 1)];
      if (value === undefined) throw new Error("There is nothing to choose from.");
      return value;
    },
    chance: (probability) => random() < probability,
  };
}
