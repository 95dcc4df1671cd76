import { describe, expect, it } from "vitest";
import { setStage } from "#e2e/fakes/scripted-agent/stage.ts";
import type { RunEvent } from "#lib/domain/run-event.ts";
import { createVigil } from "./vigil.ts";

const warnings = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.kind === "warned" ? [event.text] : []));

describe("an agent that hangs", { timeout: 60_000 }, () => {
  it("[R200] is ended in the middle of its turn, as hung, with what it was in, and can go on", async () => {
    await using stage = await setStage("hang", { limits: { silentMs: 20_000 } });
    const runner = await stage.start();
    const events = await stage.untilKind("step-failed");
    expect(events.find(({ kind }) => kind === "step-failed")).toMatchObject({
      failure: { reason: "agent-hung", detail: "It printed nothing for 20 s. It was in no tool." },
      agentSessionLost: false,
    });
    await stage.decide({ kind: "resume", note: "", fresh: false });
    await stage.untilText("scripted.log", /^2 start resume work$/m);
    await runner.stop();
  });

  it("[R201] is ended after its result, also by a runner that came later, and the result stands", async () => {
    await using stage = await setStage("stays");
    const first = await stage.start();
    await stage.untilText("output.cursor.json", /"step":1,"offset":[1-9]/);
    await first.stop();
    const second = await stage.start();
    const events = await stage.untilKind("review-concluded");
    await second.stop();
    expect(events.filter(({ kind }) => kind === "step-failed")).toEqual([]);
    expect(warnings(events)).toEqual([
      "The agent of step 1 had come to its result and did not leave; it was ended.",
    ]);
  });

  it("[R202] leaves work in the background behind, which is told", async () => {
    await using stage = await setStage("leaves-background");
    const runner = await stage.start();
    const events = await stage.untilKind("review-concluded");
    await runner.stop();
    expect(warnings(events)).toEqual([
      "The agent of step 1 ended with work in the background, which ended too: build the docs",
    ]);
  });

  it("[R203] is judged by silence that somebody sat through: not by sleep, a question or work in the background", () => {
    const minute = 60_000;
    const idle = { said: "", call: null, retry: null, ended: false, background: [] };
    const vigil = (silentMs: number | null) => {
      let now = 0;
      const look = createVigil(silentMs, new Date(now));
      return (passedMs: number, change: Partial<Parameters<typeof look>[0]> = {}) =>
        look({ now: new Date((now += passedMs)), bytes: 1, isWaiting: false, activity: idle, ...change });
    };
    const silence = (look: ReturnType<typeof vigil>, ms: number, change = {}) =>
      Array.from({ length: ms / 2000 }, () => look(2000, change)).find((cut) => cut !== null) ?? null;

    expect(silence(vigil(minute), 2 * minute)).toBe("silent");
    expect(silence(vigil(null), 200 * minute)).toBeNull();
    expect(silence(vigil(minute), 2 * minute, { isWaiting: true })).toBeNull();
    const asleep = vigil(minute);
    asleep(2000);
    expect(asleep(600 * minute)).toBeNull();
    const ended = { ...idle, ended: true };
    expect(silence(vigil(null), minute, { activity: ended })).toBe("lingering");
    expect(silence(vigil(null), minute, { activity: { ...ended, background: ["tests"] } })).toBeNull();
    const busy = vigil(minute);
    for (let bytes = 1; bytes < 100; bytes++) expect(busy(9000, { bytes })).toBeNull();
  });
});
