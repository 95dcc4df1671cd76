import { join } from "node:path";
import type { AgentEvent } from "#lib/domain/agent-events.ts";
import type { Attendance, Report, Role } from "#lib/domain/review.ts";
import { readReport } from "../report.ts";
import { allRoles, readIfThere, writeWhole } from "./step-files.ts";

/** A role's subagent that came to its end, by the word of the program that ran it. */
export interface HandBack {
  readonly role: Role;
  /** The subagent's id, as the CLI gives it. */
  readonly agent: string;
  /** Its last message, uncut and unjudged. */
  readonly message: string;
}

/**
 * Finds in a stream who was really called and came to an end. Nothing else counts: a file, or what the lead
 * says, can be made up by whoever works in the step.
 */
export function createRollCall(): { take(event: AgentEvent): void; readonly handBacks: readonly HandBack[] } {
  const called = new Map<string, Role>();
  const handBacks: HandBack[] = [];
  return {
    handBacks,
    take(event) {
      if (event.kind === "tool" && event.by.parent === null && ["Agent", "Task"].includes(event.name)) {
        const role = allRoles.find((each) => each === subagentOf(event.input));
        if (role) called.set(event.id, role);
      }
      if (event.kind !== "tool-result" || event.by.parent !== null || event.failed || !event.handBack) return;
      const role = called.get(event.id);
      if (role) handBacks.push({ role, ...event.handBack });
    },
  };
}

function subagentOf(input: unknown): unknown {
  return typeof input === "object" && input !== null && "subagent_type" in input ? input.subagent_type : null;
}

/** What each of these roles said itself, in their order; a message that is no report counts as not given. */
export function reportsIn(handBacks: readonly HandBack[], roles: readonly Role[]): Report[] {
  return ofRoles(handBacks, roles).flatMap(({ message, role }) => {
    const read = readReport(message, role);
    return "report" in read ? [read.report] : [];
  });
}

/** Which of these roles ran. */
export function attendanceIn(handBacks: readonly HandBack[], roles: readonly Role[]): Attendance[] {
  return ofRoles(handBacks, roles).map(({ message, role, agent }) => ({
    role,
    agent: agent.slice(0, 200),
    reported: "report" in readReport(message, role),
  }));
}

function ofRoles(handBacks: readonly HandBack[], roles: readonly Role[]): HandBack[] {
  return roles.flatMap((role) => handBacks.filter((each) => each.role === role));
}

export const reportsFolder = "reports";

/**
 * `reports/<role>-<agent>.json`: what a subagent said last, kept for people and so that it is told only once
 * what its report lacks. It counts for nothing. A later message replaces an earlier one; true where there was one.
 */
export function keepLastMessage(stepDir: string, last: HandBack): boolean {
  // Only letters and digits of a stranger's id become part of a file's name.
  const agent = last.agent.replace(/[^A-Za-z0-9]/g, "").slice(0, 64) || "agent";
  const file = join(stepDir, reportsFolder, `${last.role}-${agent}.json`);
  const spokeBefore = readIfThere(file) !== null;
  writeWhole(file, JSON.stringify(last));
  return spokeBefore;
}
