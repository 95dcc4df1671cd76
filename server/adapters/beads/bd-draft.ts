import type { Item } from "#lib/domain/item.ts";
import { WorkSourceError, type ItemDraft } from "#server/ports.ts";

/** One argument of a command may have 128 KiB on Linux; leave room for the flag itself. */
const textLimitBytes = 100_000;

/** The flags of `create` and `update` for what a draft says. Labels are left to the caller. */
export function draftFlags(draft: Partial<ItemDraft>): string[] {
  const flags: string[] = [];
  if (draft.title !== undefined) flags.push(`--title=${checkTitle(draft.title)}`);
  if (draft.type !== undefined) flags.push(`--type=${checkText("type", draft.type)}`);
  if (draft.priority !== undefined) flags.push(`--priority=${draft.priority}`);
  if (draft.description !== undefined) {
    flags.push(`--description=${checkText("description", draft.description)}`);
  }
  if (draft.acceptance !== undefined) {
    flags.push(`--acceptance=${checkText("acceptance criteria", draft.acceptance)}`);
  }
  return flags;
}

/** Sets of labels differ between versions in what an empty set does, so labels go in and out one by one. */
export function labelFlags(wanted: readonly string[], present: readonly string[]): string[] {
  return [
    ...wanted.filter((each) => !present.includes(each)).map((each) => `--add-label=${checkLabel(each)}`),
    ...present.filter((each) => !wanted.includes(each)).map((each) => `--remove-label=${each}`),
  ];
}

/** Beads takes a comma for the end of a label. */
export function checkLabel(label: string): string {
  if (/[,"\p{Cc}]|^\s|\s$|^$/u.test(label)) {
    throw new WorkSourceError("invalid", `${JSON.stringify(label)} cannot be a label.`);
  }
  return checkText("label", label);
}

export function checkText(what: string, text: string): string {
  if (text.includes("\0")) throw new WorkSourceError("invalid", `The ${what} holds a NUL character.`);
  if (Buffer.byteLength(text) > textLimitBytes) {
    throw new WorkSourceError("invalid", `The ${what} is longer than ${textLimitBytes} bytes.`);
  }
  return text;
}

function checkTitle(title: string): string {
  if (title.trim() === "") throw new WorkSourceError("invalid", "An item needs a title.");
  if (/\p{Cc}/u.test(title)) throw new WorkSourceError("invalid", "A title is one line of plain text.");
  return checkText("title", title);
}

/** True when the tracker shows what the change wanted; it may trim the ends of texts. */
export function hasTaken(item: Item, change: Partial<ItemDraft>): boolean {
  const same = (wanted: string | undefined, found: string) =>
    wanted === undefined || wanted.trim() === found.trim();
  return (
    same(change.title, item.title) &&
    same(change.type, item.type) &&
    same(change.description, item.description) &&
    same(change.acceptance, item.acceptance) &&
    (change.priority === undefined || change.priority === item.priority) &&
    (change.parent === undefined || change.parent === item.parent) &&
    (change.labels === undefined ||
      [...new Set(change.labels)].sort().join() === [...item.labels].sort().join())
  );
}
