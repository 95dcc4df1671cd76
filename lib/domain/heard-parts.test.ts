import { expect, it } from "vitest";
import { heardParts } from "./heard-parts.ts";
import type { Held, Report, Uncounted } from "./review.ts";

const reports = (summary: string) => [{ summary } as Report];
const held = (part: Held["part"]) => ({ part, reports: reports(`held ${part}`) }) as unknown as Held;
const lost = (part: Held["part"], reason: string): Uncounted => ({
  part,
  reason,
  reports: reports(reason),
  attended: [],
});

it("[C220] what was said last in a part that never counted stands; a first attempt that was made good does not", () => {
  const council = {
    parts: [held("examination")],
    uncounted: [lost("examination", "first"), lost("rebuttal", "second"), lost("rebuttal", "third")],
  };
  const said = heardParts(council).flatMap((part) => part.reports.map(({ summary }) => summary));
  expect(said).toEqual(["held examination", "third"]);
});
