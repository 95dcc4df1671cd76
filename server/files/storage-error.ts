/** Why nothing can be written for now: the disk's fault, and nobody's who wrote. */
export type StorageFault = "full" | "read-only" | "failing";

const codes: Readonly<Record<string, StorageFault>> = {
  ENOSPC: "full",
  EDQUOT: "full",
  EROFS: "read-only",
  EIO: "failing",
};

/** SQLite's own codes and words, which Prisma passes on inside of its messages. */
const words: readonly (readonly [RegExp, StorageFault])[] = [
  [/SQLITE_FULL|database or disk is full|ENOSPC|EDQUOT/, "full"],
  [/SQLITE_READONLY|attempt to write a readonly database|EROFS/, "read-only"],
  [/SQLITE_IOERR|disk I\/O error|\bEIO\b/, "failing"],
];

/** The disk's fault behind an error, or null where it has another cause. */
export function storageFaultOf(error: unknown): StorageFault | null {
  for (
    let each: unknown = error, depth = 0;
    each instanceof Error && depth < 5;
    each = each.cause, depth += 1
  ) {
    const { code, message } = each as NodeJS.ErrnoException;
    const fault =
      codes[code ?? ""] ?? words.find(([pattern]) => pattern.test(`${code ?? ""} ${message}`))?.[1];
    if (fault) return fault;
  }
  return null;
}
