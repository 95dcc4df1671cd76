import { writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The moments at which the fault driver lets us die: around the places where a decision becomes durable, is
 * made so outside, and is noted as done. Each is tried by `e2e/faults/crash-points.test.ts`.
 */
export const crashPoints = [
  "command:decided",
  "command:committed",
  "spec:before",
  "spec:after",
  "claim:before",
  "claim:after",
  "inbox:before",
  "inbox:after",
  "archive:before",
  "archive:after",
  "release:before",
  "release:after",
  "intake:read",
  "intake:committed",
  "previewed:before",
  "built:before",
  "built:after",
  "gated:after",
  "moved:before",
  "moved:after",
  "checked-out:after",
  "closed:before",
  "closed:after",
  "archived:after",
  "cleaned:before",
  "cleaned:after",
  "landing:ended",
  "worktree:intended",
  "worktree:made",
  "step:laid-out",
  "step:spawned",
  "step:noted",
  "step:ended",
  "step:judged",
  "event:written",
  "event:durable",
  "state:temporary",
  "state:shown",
  "stop:ended",
  "stop:archived",
] as const;
export type CrashPoint = (typeof crashPoints)[number];

const [points = "", folder = ""] = (process.env["AMPLIFY_CRASH_AT"] ?? "").split("@");
const wanted = new Set(points.split(","));

/**
 * `AMPLIFY_CRASH_AT=<point>,<point>…@<folder>`: dies here as by `kill -9`, at each of them once, whoever comes
 * by first: a file of the point's name in the folder is the proof. Else nothing.
 */
export function crashPoint(point: CrashPoint): void {
  if (!wanted.has(point)) return;
  try {
    writeFileSync(join(folder, point), "", { flag: "wx" });
  } catch {
    return;
  }
  process.kill(process.pid, "SIGKILL");
}
