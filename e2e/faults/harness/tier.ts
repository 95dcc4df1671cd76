import { afterAll } from "vitest";
import { createDice, type Dice } from "./dice.ts";

export interface Scenario {
  readonly dice: Dice;
  /** Adds to a count, and answers what it has come to. */
  readonly count: (what: string, by?: number) => number;
  /** Keeps the largest value, such as a time in milliseconds. */
  readonly most: (what: string, value: number) => void;
  readonly note: (text: string) => void;
}

const isFull = process.env["FAULTS_TIER"] === "full";

/** How often a fault is made: a few minutes' worth, or with `--full` the figure that is promised. */
export function times(short: number, full: number): number {
  return isFull ? Math.max(1, Math.round(full * Number(process.env["FAULTS_SHARE"] ?? 1))) : short;
}

/** Opens a scenario: says its seed at once, what was counted now and then, and all of it at its end, passed or not. */
export function openScenario(name: string): Scenario {
  const dice = createDice(name);
  const counts = new Map<string, number>();
  const notes: string[] = [];
  const began = Date.now();
  let toldAt = began;
  const tell = () => {
    toldAt = Date.now();
    const said = [...counts].map(([what, value]) => `${value} ${what}`).concat(notes);
    console.log(`${name}: ${said.join(", ")}; seed ${dice.seed}, ${((toldAt - began) / 1000).toFixed(0)} s`);
  };
  console.log(`${name}: seed ${dice.seed}`);
  afterAll(tell);
  return {
    dice,
    count(what, by = 1) {
      const value = (counts.get(what) ?? 0) + by;
      counts.set(what, value);
      if (Date.now() - toldAt > 30_000) tell();
      return value;
    },
    most: (what, value) => void counts.set(what, Math.max(Math.round(value), counts.get(what) ?? 0)),
    note: (text) => void notes.push(text),
  };
}
