import fc from "fast-check";
import { expect, test } from "vitest";
import { phasesOf } from "./phases.ts";

const at = (minutes: number) => new Date(Date.UTC(2026, 0, 1, 10, minutes)).toISOString();
const session = (status: "running" | "merged" | "failed") => ({ createdAt: at(0), startedAt: null, status });
const landing = (from: number, to: number | null) =>
  ({ startedAt: at(from), endedAt: to === null ? null : at(to) }) as Parameters<
    typeof phasesOf
  >[0]["landings"][number];
const words = (told: Parameters<typeof phasesOf>[0]) =>
  phasesOf(told).map(({ name, from, to }) => `${name} ${to === null ? "…" : String((to - from) / 60_000)}`);

test("[U37] a session's life is told in phases with their lengths", () => {
  const timeline = [
    { at: at(1), kind: "prepared", text: "" },
    { at: at(2), kind: "step-started", text: "" },
    { at: at(5), kind: "step-asked", text: "" },
    { at: at(9), kind: "answered", text: "" },
    { at: at(20), kind: "completed", text: "" },
    { at: at(20), kind: "council-opened", text: "" },
    { at: at(21), kind: "step-started", text: "" },
    { at: at(30), kind: "review-concluded", text: "" },
  ];
  expect(words({ session: session("merged"), timeline, landings: [landing(40, 41)] })).toEqual([
    "queued 1",
    "implementation 4",
    "waiting 4",
    "implementation 11",
    "review 10",
    "resting 10",
    "landing 1",
  ]);
});

test("[U37] what goes on has no end, and what failed is at rest until it is resumed", () => {
  const timeline = [
    { at: at(1), kind: "step-started", text: "" },
    { at: at(3), kind: "failed", text: "" },
  ];
  expect(words({ session: session("failed"), timeline, landings: [] }).at(-1)).toBe("resting …");
  const resumed = [...timeline, { at: at(8), kind: "resumed", text: "" }];
  expect(words({ session: session("running"), timeline: resumed, landings: [] })).toEqual([
    "queued 1",
    "implementation 2",
    "resting 5",
    "implementation …",
  ]);
});

test("[U37] what is set up before its agent begins is preparing", () => {
  const begun = { ...session("running"), startedAt: at(1) };
  const timeline = [{ at: at(4), kind: "prepared", text: "" }];
  expect(words({ session: begun, timeline, landings: [] })).toEqual([
    "queued 1",
    "preparing 3",
    "implementation …",
  ]);
});

test("[U38] phases join without a hole whatever happens", () => {
  const kinds = [
    "prepared",
    "step-started",
    "asked",
    "answered",
    "council-opened",
    "review-concluded",
    "resumed",
    "noted",
    "failed",
  ];
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(500), fc.constantFrom(...kinds)), { maxLength: 30 }), (events) => {
      const timeline = events
        .toSorted(([a], [b]) => a - b)
        .map(([minutes, kind]) => ({ at: at(minutes), kind, text: "" }));
      const phases = phasesOf({ session: session("running"), timeline, landings: [] });
      expect(phases.at(-1)?.to).toBeNull();
      for (const [index, phase] of phases.entries()) {
        if (index > 0) expect(phases[index - 1]?.to).toBe(phase.from);
        if (index > 0) expect(phases[index - 1]?.name).not.toBe(phase.name);
      }
    }),
  );
});
