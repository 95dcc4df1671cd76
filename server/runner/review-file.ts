import { join, relative } from "node:path";
import { reviewSchema } from "#lib/contract/files.ts";
import type { Review } from "#lib/domain/review.ts";
import type { Happening } from "./session.ts";
import { quarantine, readWhole, UntrustedFileError } from "./safe-file.ts";

const name = "review.json";
const limitBytes = 64 << 20;

/**
 * Looks at the council's record as it lies in the session directory. One that is not ours is moved aside
 * and told; null where it is ours, or none is there and none is wanted.
 */
export async function mendReviewFile(
  directory: string,
  review: Review | undefined,
  stamp: string,
): Promise<Happening | null> {
  const path = join(directory, name);
  let text: string | null;
  try {
    text = await readWhole(path, limitBytes);
  } catch (error) {
    if (!(error instanceof UntrustedFileError)) throw error;
    text = "";
  }
  if (text === null)
    return review ? { kind: "warned", text: `${name} was gone and is written again.` } : null;
  if (review && isSame(text, review)) return null;
  const kept = await quarantine(directory, path, stamp);
  return { kind: "forgery-found", file: name, kept: relative(directory, kept) };
}

/** Another spelling of the same record is no forgery. */
function isSame(text: string, review: Review): boolean {
  try {
    const there = reviewSchema.parse(JSON.parse(text));
    return JSON.stringify(there) === JSON.stringify(reviewSchema.parse(review));
  } catch {
    return false;
  }
}
