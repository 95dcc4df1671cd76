import { expect, test } from "vitest";
import { reportSchema } from "#lib/contract/files.ts";
import { readReport } from "./report.ts";

const report = {
  role: "peer-reviewer",
  verdict: "changes",
  summary: "Not yet.",
  findings: [
    {
      id: "f-1",
      file: "a.ts",
      lines: [1, 3],
      severity: "major",
      category: "tests",
      claim: "Untested.",
      evidence: "a.test.ts is empty",
    },
  ],
  responses: [{ finding: "f-1", stance: "dispute", reason: "It is." }],
};
const json = JSON.stringify(report, null, 2);
const whole = { ...report, earlier: [] };

test("[A17] a report alone, or in one fenced block among words, is read", () => {
  for (const message of [
    json,
    `Here:\n\n\`\`\`json\n${json}\n\`\`\`\nThat is all.`,
    `\`\`\`\n${json}\n\`\`\``,
  ]) {
    expect(readReport(message, "peer-reviewer")).toEqual({ report: whole });
  }
});

test("[A17] what is read fits the record of the review", () => {
  const read = readReport(json, "peer-reviewer");
  expect("report" in read && reportSchema.parse(read.report)).toEqual(whole);
});

test("[A17] lists and words that are left out are empty", () => {
  expect(readReport('{"role":"implementer","verdict":"approve"}', "implementer")).toEqual({
    report: {
      role: "implementer",
      verdict: "approve",
      summary: "",
      findings: [],
      responses: [],
      earlier: [],
    },
  });
});

test.each([
  ["words", "Looks good to me."],
  ["two reports", `\`\`\`json\n${json}\n\`\`\`\n\`\`\`json\n${json}\n\`\`\``],
  ["another role's report", json.replace("peer-reviewer", "implementer")],
  ["an unknown verdict", json.replace("changes", "maybe")],
  ["a finding with an id of its own making", json.replaceAll("f-1", "../f")],
  ["a list", "[]"],
  ["a text of a megabyte", JSON.stringify({ ...report, summary: "x".repeat(1_000_000) })],
])("[A17] %s is no report, and the problem says why", (_what, message) => {
  const read = readReport(message, "peer-reviewer");
  expect("problem" in read && read.problem.length).toBeGreaterThan(0);
});
