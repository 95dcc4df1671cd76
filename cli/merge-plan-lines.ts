import type { ConflictView, MergePlanView, PlanEntryView } from "#lib/contract/wire.ts";
import { faint, heading, type Output, plain, table } from "./output.ts";

/** What would land in which order, and what is in the way of the rest. */
export function printPlan(output: Output, plan: MergePlanView): void {
  const { base, entries, order, leftOut, overlaps, cut } = plan;
  if (entries.length === 0) {
    output.line("Nothing is approved, so nothing would be merged.");
    return;
  }
  const entryOf = new Map<string, PlanEntryView>(entries.map((entry) => [entry.session, entry]));
  const nameOf = (session: string) => entryOf.get(session)?.item ?? session;
  output.line(heading(`Would land on ${plain(base.name)} at ${base.tip.slice(0, 10)} (${order.length})`));
  const rows = order.map(({ session, how }, index) => {
    const entry = entryOf.get(session);
    const when = how === "at-once" ? "at once" : "after a check anew";
    return [`  ${index + 1}.`, nameOf(session), when, entry ? sizeOf(entry) : "", entry ? gateOf(entry) : ""];
  });
  for (const row of table(rows)) output.line(row);
  if (leftOut.length > 0) {
    output.line(heading(`Would not land (${leftOut.length})`));
    for (const { session, because, why } of leftOut) {
      output.line(`  ${nameOf(session)}: ${plain(because ? why.replace(because, nameOf(because)) : why)}`);
    }
  }
  for (const entry of entries) printEntry(output, entry);
  if (overlaps.length > 0) output.line(heading(`Touch the same files (${overlaps.length})`));
  for (const { a, b, kind, files, conflicts } of overlaps) {
    const some = files.slice(0, 5).map(plain).join(", ");
    const what = kind === "conflict" ? "conflict" : "the second is checked anew";
    output.line(`  ${nameOf(a)} and ${nameOf(b)}, ${what}: ${some}${files.length > 5 ? " …" : ""}`);
    printConflicts(output, conflicts);
  }
  for (const note of [...plan.notes, ...(cut === null ? [] : [cut])]) output.note(plain(note));
}

function printEntry(output: Output, entry: PlanEntryView): void {
  const remarks = [
    ...entry.obstacles.map((each) => `in the way: ${each}`),
    ...entry.asks.map((each) => `for a person to land: ${each}`),
    ...entry.notes,
  ];
  if (remarks.length === 0 && entry.conflicts.length === 0) return;
  output.line(heading(entry.item));
  for (const remark of remarks) output.line(`  ${plain(remark)}`);
  printConflicts(output, entry.conflicts);
}

function printConflicts(output: Output, conflicts: readonly ConflictView[]): void {
  for (const { path, kind, hunks } of conflicts) {
    const lines = hunks.map(({ from, to }) => `${from}–${to}`).join(", ");
    output.line(faint(`    ${plain(path)} (${plain(kind)}${lines ? `, lines ${lines}` : ""})`));
  }
}

function sizeOf({ files, added, removed }: PlanEntryView): string {
  return `${files} ${files === 1 ? "file" : "files"} +${added} -${removed}`;
}

function gateOf({ gate }: PlanEntryView): string {
  if (!gate) return "gate not run yet";
  return `gate ${gate.status}${gate.isCurrent ? "" : " (for an earlier tree)"}`;
}
