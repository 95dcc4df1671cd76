import { expect, it } from "vitest";
import type { Held, Report, Uncounted } from "./review.ts";
import { saidParts } from "./said-parts.ts";

const reports = (summary: string) => [{ summary } as Report];
const held = (part: Held["part"]) => ({ part, reports: reports(`held ${part}`) }) as unknown as Held;
const lost = (part: Held["part"], reason: string): Uncounted => ({
  part,
  reason,
  reports: reports(reason),
  attended: [],
});

it("[U203] what did not count stands before the attempt that did, and what never came to count stands last", () => {
  const council = {
    parts: [held("examination"), held("rebuttal")],
    uncounted: [lost("examination", "first"), lost("arbitration", "second"), lost("arbitration", "third")],
  };
  const words = saidParts(council).map((said) => (said.counts ? said.held.part : said.uncounted.reason));
  expect(words).toEqual(["first", "examination", "rebuttal", "second", "third"]);
});
