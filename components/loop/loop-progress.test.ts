import { expect, test } from "vitest";
import { sessionOf, sessions } from "#e2e/fakes/dashboard/sessions.ts";
import { full } from "#e2e/fakes/dashboard/story.ts";
import { describeProgress, loopProgress } from "./loop-progress.ts";
import { projectNames } from "./project-names.ts";

const loop = full.loops.find(({ status }) => status === "running")!;

test("[U31] a loop counts each session of its project once, by what it waits for", () => {
  expect(loopProgress(loop, sessions)).toEqual({ atWork: 1, needYou: 1, toMerge: 1, landed: 1, parked: 1 });
  const whole = { ...loop, project: null, parked: [] };
  const { atWork, needYou, toMerge, landed } = loopProgress(whole, sessions);
  const stopped = sessions.filter(({ status }) => status === "stopped").length;
  expect(atWork + needYou + toMerge + landed).toBe(sessions.length - stopped);
});

test("[U31] what ended before a loop began, or is another repository's, is not its work", () => {
  const merged = sessionOf("bd-auth.1");
  const late = { ...loop, startedAt: new Date().toISOString() };
  expect(loopProgress(late, [merged]).landed).toBe(0);
  const elsewhere = { ...merged, repository: "0000000000000000" as typeof merged.repository };
  expect(loopProgress(loop, [elsewhere]).landed).toBe(0);
  expect(describeProgress(loopProgress({ ...loop, parked: [] }, []))).toBe("nothing begun yet");
});

test("[U32] projects are offered first, agents' labels never, and no name twice", () => {
  const items = [["project:auth", "ui"], ["auth", "agent:writer"], ["project:auth"]].map((labels) => ({
    labels,
  }));
  expect(projectNames(items)).toEqual({ projects: ["auth"], labels: ["ui"] });
});
