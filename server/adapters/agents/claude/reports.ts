import { join } from "node:path";
import type { Attendance, Report, Role } from "#lib/domain/review.ts";
import { readReport } from "../report.ts";
import { listIfThere, readIfThere, writeWhole } from "./step-files.ts";

/** `reports/<role>-<agent>.json`: a role's last message, uncut and unjudged; the hook writes it. */
export interface LastMessage {
  readonly role: Role;
  /** The subagent's id, as the CLI gives it. */
  readonly agent: string;
  readonly message: string;
}

export const reportsFolder = "reports";

/** A later last message of the same subagent replaces the earlier one; true where there was one. */
export function keepLastMessage(stepDir: string, last: LastMessage): boolean {
  // Only letters and digits of a stranger's id become part of a file's name.
  const agent = last.agent.replace(/[^A-Za-z0-9]/g, "").slice(0, 64) || "agent";
  const file = join(stepDir, reportsFolder, `${last.role}-${agent}.json`);
  const spokeBefore = readIfThere(file) !== null;
  writeWhole(file, JSON.stringify(last));
  return spokeBefore;
}

/** What each of these roles said itself; a message that is no report counts as not given. */
export function readReports(stepDir: string, roles: readonly Role[]): Report[] {
  return lastMessages(stepDir, roles).flatMap(({ message, role }) => {
    const read = readReport(message, role);
    return "report" in read ? [read.report] : [];
  });
}

/** Which of these roles ran, by the CLI's own word of each subagent's end. */
export function readAttendance(stepDir: string, roles: readonly Role[]): Attendance[] {
  return lastMessages(stepDir, roles).map(({ message, role, agent }) => ({
    role,
    agent: agent.slice(0, 200),
    reported: "report" in readReport(message, role),
  }));
}

function lastMessages(stepDir: string, roles: readonly Role[]): LastMessage[] {
  const folder = join(stepDir, reportsFolder);
  return listIfThere(folder)
    .filter((file) => file.endsWith(".json"))
    .map((file) => JSON.parse(readIfThere(join(folder, file)) ?? "null") as LastMessage | null)
    .filter((last) => last !== null && roles.includes(last.role)) as LastMessage[];
}
