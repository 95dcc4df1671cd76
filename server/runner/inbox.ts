import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { inboxFileName, inboxSchema, type InboxEntry } from "#lib/contract/files.ts";
import { quarantine, readWhole, UntrustedFileError } from "./safe-file.ts";

const limitBytes = 4 << 20;

/** The next entry of the inbox, or a number that cannot be read and why. */
export type Mail =
  | { readonly kind: "entry"; readonly entry: InboxEntry }
  | { readonly kind: "unreadable"; readonly number: number; readonly why: string };

/** The entry after `handled`; with `skipGap` the next one that there is. Null when there is none. */
export async function nextMail(
  directory: string,
  handled: number,
  options: { readonly skipGap: boolean; readonly stamp: string },
): Promise<Mail | null> {
  const folder = join(directory, "inbox");
  const waiting = (await names(folder))
    .map((name) => ({ name, number: mailNumber(name) }))
    .filter(({ number }) => number > handled)
    .toSorted((a, b) => a.number - b.number);
  const next = waiting[0];
  if (!next || (next.number > handled + 1 && !options.skipGap)) return null;
  const path = join(folder, next.name);
  try {
    const text = await readWhole(path, limitBytes);
    if (text === null) return null;
    const entry = inboxSchema.parse(JSON.parse(text));
    if (inboxFileName(entry) !== next.name) throw new UntrustedFileError(path, "is named for another entry");
    return { kind: "entry", entry };
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    const kept = relative(directory, await quarantine(directory, path, options.stamp));
    const why = `inbox/${next.name} cannot be read and was set aside as ${kept}.`;
    return { kind: "unreadable", number: next.number, why };
  }
}

/** The numbers of the entries that come after `handled`, ascending. */
export async function mailAfter(directory: string, handled: number): Promise<number[]> {
  const numbers = (await names(join(directory, "inbox"))).map(mailNumber);
  return numbers.filter((number) => number > handled).toSorted((a, b) => a - b);
}

/** There is an entry, but the one before it is missing. */
export async function hasGap(directory: string, handled: number): Promise<boolean> {
  const numbers = await mailAfter(directory, handled);
  return numbers.length > 0 && !numbers.includes(handled + 1);
}

async function names(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  });
}

/** 0 for what is no entry. */
export function mailNumber(name: string): number {
  return Number(/^(\d{4,9})-[a-z]+\.json$/.exec(name)?.[1] ?? 0);
}

export function isUnreadable(error: unknown): boolean {
  return (
    error instanceof UntrustedFileError ||
    error instanceof SyntaxError ||
    (error instanceof Error && error.name === "ZodError") ||
    (error instanceof Error && error.constructor.name === "$ZodError")
  );
}
