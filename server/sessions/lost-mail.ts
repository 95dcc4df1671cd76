import type { EventLine, InboxEntry } from "#lib/contract/files.ts";
import type { RunEvent } from "#lib/domain/run-event.ts";
import type { AuditEntry, NewEffect, SessionRow } from "./ports.ts";
import { type Message, withMessage } from "./session-row.ts";

/** Somebody destroys whatever is sent; that is told, and not tried for ever. */
const mostTries = 5;

/**
 * Compares what a runner says that it has read of the inbox with what was sent: an entry that was missing,
 * damaged or another's is sent again under the next free number. `handled` is the number it had come to before.
 */
export function sendAgain(order: {
  readonly row: SessionRow;
  readonly handled: number;
  readonly lines: readonly EventLine[];
  readonly sent: readonly InboxEntry[];
}): {
  readonly row: SessionRow;
  readonly effects: readonly NewEffect[];
  readonly audit: readonly AuditEntry[];
  readonly warnings: readonly string[];
} {
  let { row, handled } = order;
  const byNumber = new Map(order.sent.map((entry) => [entry.number, entry]));
  const lost: InboxEntry[] = [];
  const audit: AuditEntry[] = [];
  const warnings: string[] = [];
  for (const { event } of order.lines) {
    if (!("inbox" in event) || event.inbox === null || event.inbox <= handled) continue;
    for (let number = handled + 1; number <= event.inbox; number++) {
      const entry = byNumber.get(number);
      if (!entry) continue;
      if (number === event.inbox && isDoneBy(event, entry)) continue;
      lost.push(entry);
    }
    handled = event.inbox;
    const own = byNumber.get(event.inbox);
    const isForged = own ? !isDoneBy(event, own) && !isLost(event) : event.inbox > order.row.inbox;
    if (!isForged) continue;
    const detail = `inbox entry ${event.inbox} is not what was sent: ${event.kind}`;
    audit.push({ actor: row.id, action: "forgery", target: row.id, outcome: "rejected", detail });
    warnings.push(`${row.item}: its runner read an inbox entry that nobody here sent (${event.kind}).`);
  }
  // What comes next must not have a number that counts as read already.
  row = { ...row, inbox: Math.max(row.inbox, handled) };
  const effects: NewEffect[] = [];
  for (const entry of lost) {
    const tries = order.sent.filter((each) => isSame(each, entry)).length;
    if (tries >= mostTries) {
      warnings.push(
        `${row.item}: what ${entry.by} decided (${entry.kind}) is taken away each time it is sent.`,
      );
      continue;
    }
    const next = withMessage(row, messageOf(entry), entry);
    ({ row } = next);
    effects.push(next.effect);
    warnings.push(`${row.item}: what ${entry.by} decided (${entry.kind}) did not arrive; it is sent again.`);
  }
  return { row, effects, audit, warnings };
}

function messageOf({ number: _number, by: _by, at: _at, ...message }: InboxEntry): Message {
  return message;
}

/** But for its number. */
function isSame(a: InboxEntry, b: InboxEntry): boolean {
  return JSON.stringify({ ...a, number: 0 }) === JSON.stringify({ ...b, number: 0 });
}

function isLost(event: RunEvent): boolean {
  return event.kind === "handled" && event.lost === true;
}

/** The event is what a runner makes of this entry. */
function isDoneBy(event: RunEvent, entry: InboxEntry): boolean {
  switch (event.kind) {
    case "handled":
      return event.lost !== true;
    case "answered":
      return (
        entry.kind === "answer" &&
        entry.question === event.question &&
        textOf(entry.choices) === textOf(event.answer.choices)
      );
    case "stopped":
      return entry.kind === "stop" && entry.discard === event.discard;
    case "noted":
      return entry.kind === "message" && entry.text === event.text;
    case "resumed":
    case "rework-started":
      if (entry.kind === "message") return entry.text === event.note;
      return (
        entry.kind === (event.kind === "resumed" ? "resume" : "rework") &&
        "note" in entry &&
        entry.note === event.note
      );
    case "base-merged":
      return entry.kind === "recheck" && entry.base === event.base;
    default:
      return true;
  }
}

function textOf(choices: readonly { readonly labels: readonly string[]; readonly text: string }[]): string {
  return JSON.stringify(choices.map(({ labels, text }) => [labels, text]));
}
