import { describe, expect, it } from "vitest";
import { parseItemId } from "#lib/domain/ids.ts";
import type { Clock, RunTool } from "#server/ports.ts";
import { createBeads } from "./beads.ts";

const id = parseItemId("t-1");

/** Time stands still except while somebody waits; `while` says what others do meanwhile. */
function clockThat(meanwhile: () => void, waits: number[]): Clock {
  return {
    now: () => new Date(0),
    after(ms, call) {
      waits.push(ms);
      queueMicrotask(() => {
        meanwhile();
        call();
      });
      return () => undefined;
    },
  };
}

/** A tracker of one item, as naive as the oldest versions: a claim overwrites. */
function naive(version: string, rivalDuringWait?: string) {
  const issue: Record<string, unknown> = { id: "t-1", title: "Work", status: "open" };
  const waits: number[] = [];
  const calls: string[] = [];
  const runTool: RunTool = ({ args, env }) => {
    const words = args.filter((each) => !/^--(?:json|actor=.*)$/.test(each));
    calls.push(words.join(" "));
    if (words.includes("--claim")) Object.assign(issue, { status: "in_progress", assignee: env["BD_ACTOR"] });
    if (words.includes("--status=in_progress")) issue["status"] = "in_progress";
    const printed = words[0] === "version" ? { version } : [issue];
    return Promise.resolve({
      end: "exited",
      exit: 0,
      signal: null,
      stdout: JSON.stringify(printed),
      stderr: "",
      durationMs: 1,
    });
  };
  const clock = clockThat(() => {
    if (rivalDuringWait) issue["assignee"] = rivalDuringWait;
  }, waits);
  return { issue, waits, calls, beads: createBeads({ repository: "/repo", runTool, clock, env: {} }) };
}

describe("claiming with Beads", () => {
  it("[B31] before 0.49.4 a claim is believed only when the dust has settled", async () => {
    const quiet = naive("0.47.1");
    expect(await quiet.beads.claim(id, "a")).toEqual({ claimed: true });
    expect(quiet.waits).toEqual([500]);
    const contested = naive("0.47.1", "b");
    expect(await contested.beads.claim(id, "a")).toMatchObject({
      claimed: false,
      why: "taken",
      detail: "It is b's.",
    });
  });

  it("[B31] from 0.49.4 on nobody waits", async () => {
    const { beads, waits } = naive("0.49.6");
    expect(await beads.claim(id, "a")).toEqual({ claimed: true });
    expect(waits).toEqual([]);
  });

  it("[B31] an item that is the actor's but open is taken up without a claim, which old versions refuse", async () => {
    const { beads, issue, calls } = naive("0.50.3");
    issue["assignee"] = "a";
    expect(await beads.claim(id, "a")).toEqual({ claimed: true });
    expect(calls).toContain("update t-1 --status=in_progress");
  });

  it("[B31] a deferred item is refused with its status", async () => {
    const { beads, issue } = naive("1.3.0");
    issue["status"] = "deferred";
    expect(await beads.claim(id, "a")).toEqual({
      claimed: false,
      why: "refused",
      detail: "Its status is deferred.",
    });
  });
});

describe("the health of Beads", () => {
  const healthOf = async (printed: string, run: Partial<Awaited<ReturnType<RunTool>>> = {}) => {
    const runTool: RunTool = () =>
      Promise.resolve({
        end: "exited",
        exit: 0,
        signal: null,
        stdout: printed,
        stderr: "",
        durationMs: 1,
        ...run,
      });
    const clock = clockThat(() => undefined, []);
    return createBeads({
      repository: "/nonexistent",
      runTool,
      clock,
      env: { PATH: "/nonexistent" },
    }).health();
  };

  it.each([
    ['{"version":"0.46.9"}', "too old"],
    ['{"version":"1.2.1"}', "withdrawn"],
    ['{"version":"1.3.0"}', "no Beads workspace"],
    ['{"name":"beads"}', "does not say its version"],
  ])("[B32] %s: %s", async (printed, problem) => {
    const health = await healthOf(printed);
    expect(health).toMatchObject({ kind: "beads", ok: false, path: null });
    expect(health.problem).toContain(problem);
  });

  it("[B32] a bd that is not there is said with what to do", async () => {
    const health = await healthOf("", { end: "not-started", exit: null });
    expect(health.problem).toBe("The program bd was not found: install Beads, or use the built-in backlog.");
  });
});
