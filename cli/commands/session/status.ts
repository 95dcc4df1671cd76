import path from "node:path";
import type { Command } from "commander";
import type { ReadOutput, SessionView } from "#lib/contract/wire.ts";
import { bytesText } from "#lib/domain/bytes-text.ts";
import { groupOf, type StatusGroup } from "#lib/domain/session.ts";
import { printAlerts } from "../../alert-lines.ts";
import { createContext, type GlobalOptions } from "../../context.ts";
import { describeMeeting } from "./overlaps.ts";
import { faint, heading, paintStatus, plain, since, table, until, type Output } from "../../output.ts";

const groups: readonly (readonly [StatusGroup, string])[] = [
  ["active", "Active"],
  ["questions", "Questions"],
  ["awaiting-review", "Awaiting review"],
  ["ready-to-merge", "Ready to merge"],
];

export function addStatus(session: Command): void {
  session
    .command("status")
    .argument("[session]", "a session's id, a unique prefix of it, or an item's id")
    .description("show all sessions in their groups, or one session with its paths")
    .action(async (id: string | undefined, _options: unknown, command: Command) => {
      const { output, client, repository } = createContext(command.optsWithGlobals<GlobalOptions>());
      if (id !== undefined) {
        const connected = await client();
        const detail = await connected.read("session", { session: id });
        const kept = output.json ? [] : await connected.read("archives", { session: detail.session.id });
        output.answer(detail, () => printOne(output, detail, kept));
        return;
      }
      const about = await repository();
      const status = await (await client()).read("status", { repository: about?.id ?? null });
      const alerts = output.json ? [] : await (await client()).read("alerts", {});
      output.answer(status, () => {
        printAlerts(output, alerts);
        printGroups(output, status);
      });
    });
}

function printGroups(output: Output, { sessions, questions }: ReadOutput<"status">): void {
  for (const [group, name] of groups) {
    const members = sessions.filter((each) => groupOf(each.status, each.openQuestions) === group);
    output.line(heading(`${name} (${members.length})`));
    for (const row of rowsOf(members)) output.line(`  ${row}`);
    if (group !== "questions") continue;
    for (const { session, question } of questions) {
      output.line(faint(`    ${question.id} of ${session}: ${plain(question.prompts[0]?.text ?? "")}`));
    }
  }
  const stranded = sessions.filter(({ status }) =>
    ["failed", "rejected", "interrupted", "stopped"].includes(status),
  );
  if (stranded.length === 0) return;
  output.line(heading(`Ended without landing (${stranded.length})`));
  for (const row of rowsOf(stranded)) output.line(`  ${row}`);
}

function rowsOf(sessions: readonly SessionView[]): string[] {
  const rows = table(
    sessions.map((each) => [
      each.id,
      each.evidence.derived ? `${each.status} (${each.evidence.derived})` : each.status,
      each.item.id,
      each.branch,
      `since ${since(each.since)}${each.reason ? `  ${plain(each.reason.text)}` : ""}`,
    ]),
  );
  return rows.map((row, i) => {
    const status = sessions[i]?.status;
    return status === undefined ? row : row.replace(` ${status} `, ` ${paintStatus(status, status)} `);
  });
}

function printOne(output: Output, detail: ReadOutput<"session">, archives: ReadOutput<"archives">): void {
  const { session, questions, validation, landings, meetings } = detail;
  const rows: [string, string][] = [
    ["session", session.id],
    ["item", `${session.item.id}  ${plain(session.item.title)}`],
    ["status", `${session.status} (since ${since(session.since)})`],
    ["phase", `${session.phase}, round ${session.round}, step ${session.steps}`],
    ["agent", `${session.agent.cli}, ${session.agent.type}`],
    ["pid", session.pid === null ? "none" : String(session.pid)],
    ["process", describeProcess(session)],
    ["branch", session.branch],
    ["worktree", session.worktree],
    ["directory", session.directory],
    ["log", path.join(session.directory, "output.log")],
    ["base", session.base ?? "none yet"],
    ["head", session.head ?? "none yet"],
    ["verdict", session.verdict ?? "none yet"],
  ];
  if (session.summary !== null) rows.push(["summary", plain(session.summary)]);
  if (validation) rows.push(["validation", validation.passed ? "passed" : "red"]);
  if (session.mergeCommit)
    rows.push(["merged", `${session.mergeCommit}${session.byHand ? " (by hand)" : ""}`]);
  const { log } = session.evidence;
  if (log) rows.push(["printed", `${bytesText(log.bytes)} of ${bytesText(log.limitBytes)} that it may`]);
  const kept = archives.filter(({ merged }) => !merged);
  for (const { commit, why, branches } of kept) {
    const where = branches.length > 0 ? `, restored to ${branches.map(plain).join(", ")}` : "";
    rows.push(["kept", `${commit.slice(0, 12)} ${plain(why ?? "")}${where}`]);
  }
  for (const meeting of meetings) rows.push(["overlap", describeMeeting(meeting)]);
  for (const row of table(rows)) output.line(row);
  const [lost] = kept.filter(({ branches }) => branches.length === 0);
  if (lost) output.line(faint(`amplify archive restore ${lost.commit.slice(0, 12)}`));
  if (session.reason) {
    output.line();
    output.line(`${plain(session.reason.text)} ${plain(session.reason.detail)}`.trim());
    const { retry } = session;
    const when = retry?.waits && retry.at !== null ? ` ${nextOf(session.status, retry.at)}` : "";
    output.line(faint(`${plain(session.reason.remedy)}${when}`));
  }
  for (const question of questions) {
    if (question.status !== "open") continue;
    output.line();
    output.line(`${question.id} asks: ${plain(question.prompts[0]?.text ?? "")}`);
    output.line(faint(`amplify session answer ${session.id} ${question.id} "<answer>"`));
  }
  const landing = landings.at(-1);
  if (landing && landing.status !== "landed")
    output.line(`\nlast landing: ${landing.status}. ${plain(landing.message)}`);
}

function nextOf(status: SessionView["status"], at: string): string {
  return status === "interrupted" ? "It goes on as soon as there is room." : `Next attempt ${until(at)}.`;
}

function describeProcess({ evidence }: SessionView): string {
  const parts = [evidence.process === "none" ? "no agent runs now" : evidence.process];
  if (evidence.lastByteAt) parts.push(`last byte ${since(evidence.lastByteAt)} ago`);
  if (evidence.tool) parts.push(`in ${plain(evidence.tool.name)} for ${since(evidence.tool.since)}`);
  const { retry, background = [] } = evidence;
  if (background.length > 0) parts.push(`in the background: ${background.map(plain).join("; ")}`);
  if (retry) {
    const next = `next attempt ${until(retry.nextAt)}`;
    parts.push(`retry ${retry.attempt} of ${retry.of} of its service (${plain(retry.error)}), ${next}`);
  }
  if (evidence.derived) parts.push(evidence.derived);
  return parts.join(", ");
}
