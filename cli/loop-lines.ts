import type { Fact, LoopView, SessionView } from "#lib/contract/wire.ts";
import { faint, type Output, plain } from "./output.ts";

/** What is told by other facts anyway, and a landing's small steps. */
const quiet: ReadonlySet<Fact["name"]> = new Set(["backlog:changed", "merge:advanced", "loop:finished"]);

/** One line for each thing that happened, such as `14:02:11  bd-auth.1: The work is complete.` */
export function printFact(output: Output, { name, at, text, changes }: Fact): void {
  const isEcho = changes.sessions?.some(({ item, status }) => text === `${item.id} is ${status}.`) ?? false;
  if (output.json || isEcho || quiet.has(name)) return;
  const time = new Date(at).toTimeString().slice(0, 8);
  output.line(`${faint(time)}  ${plain(text).replaceAll("\n", " ")}`);
}

export function printApproved(output: Output, { id, item, summary }: SessionView, prefix = ""): void {
  output.line(`${item.id} is ready to merge: ${plain(summary ?? item.title)}`);
  output.line(faint(`  ${prefix}amplify session merge ${id}`));
}

export function printEnd(output: Output, loop: LoopView): void {
  output.line(plain(loop.reason ?? `The loop is ${loop.status}.`));
  for (const { item, title, session, why } of loop.parked) {
    output.line(`  ${item}  ${plain(title)}: ${plain(why)}`);
    if (session !== null) output.line(faint(`    amplify session status ${session}`));
  }
}
