import { z } from "zod";
import type { Report, Role } from "#lib/domain/review.ts";

const text = (max: number) => z.string().max(max);
const findingId = z.string().regex(/^f-[0-9]{1,4}$/);

/** The shape and the limits are those of `review.json`; what an agent may leave out is filled in. */
const report: z.ZodType<Report> = z.object({
  role: z.enum(["implementer", "peer-reviewer", "tech-lead"]),
  verdict: z.enum(["approve", "changes"]),
  summary: text(20_000).default(""),
  findings: z
    .array(
      z.object({
        id: findingId,
        file: text(4096),
        lines: z
          .tuple([z.number().int().min(1), z.number().int().min(1)])
          .nullable()
          .default(null),
        severity: z.enum(["blocker", "major", "minor", "nit"]),
        category: z.enum(["correctness", "tests", "security", "design", "documentation", "performance"]),
        claim: text(10_000),
        evidence: text(20_000).default(""),
      }),
    )
    .max(200)
    .default([]),
  responses: z
    .array(
      z.object({
        finding: findingId,
        stance: z.enum(["accept", "dispute", "withdraw", "fixed", "overrule"]),
        reason: text(10_000).default(""),
      }),
    )
    .max(400)
    .default([]),
  earlier: z
    .array(
      z.object({
        finding: z.string().regex(/^(?:[0-9]{1,4}\/f-[0-9]{1,4}|c-[0-9]{1,4})$/),
        state: z.enum(["resolved", "open"]),
        reason: text(10_000).default(""),
      }),
    )
    .max(400)
    .default([]),
});

/** The report in a role's last message: all of it, or its one fenced block. `problem` is said to the role. */
export function readReport(message: string, role: Role): { report: Report } | { problem: string } {
  const json = jsonIn(message);
  if (json === undefined) return { problem: "it is not one JSON object, alone or in one ```json block" };
  const read = report.safeParse(json);
  if (!read.success) {
    const issue = read.error.issues[0];
    return { problem: `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "it does not fit"}` };
  }
  if (read.data.role !== role) return { problem: `role: it has to be ${role}` };
  return { report: read.data };
}

/** Several fenced objects are a contradiction waiting to happen, so they count as none. */
function jsonIn(message: string): unknown {
  const whole = parsed(message);
  if (whole !== undefined) return whole;
  const fenced = [...message.matchAll(/^```(?:json)?[ \t]*\r?\n([\s\S]*?)\r?\n```[ \t]*$/gm)]
    .map((match) => parsed(match[1] ?? ""))
    .filter((each) => each !== undefined);
  return fenced.length === 1 ? fenced[0] : undefined;
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
