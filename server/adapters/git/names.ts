import { isObjectId, MalformedIdError, type ObjectId, parseObjectId } from "#lib/domain/ids.ts";

/** Everything that `git check-ref-format` refuses, and glob characters, blanks and option-like parts too. */
const forbidden = /[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|(?:^|\/)[.-]|\.lock(?:\/|$)|[./]$|^\/|^@$/;

export function isRefName(text: string): boolean {
  return text.length > 0 && text.length <= 1024 && !forbidden.test(text);
}

/** A full ref, such as `refs/heads/main`. */
export function checkRef(text: string): string {
  if (!text.startsWith("refs/") || !isRefName(text)) throw new MalformedIdError("ref", text);
  return text;
}

/** Ids are typed, and still looked at once more before they stand in a command. */
export function checkObjectIds(...ids: readonly ObjectId[]): void {
  for (const id of ids) if (!isObjectId(id)) throw new MalformedIdError("git object id", id);
}

/** Git writes zeros for "no commit yet". */
export function objectIdOrNull(text: string): ObjectId | null {
  return /^0+$/.test(text) ? null : parseObjectId(text);
}

/** Output of `-z` commands. `latin1` keeps the bytes of names that are not UTF-8. */
export function nulFields(output: Buffer, encoding: "utf8" | "latin1" = "utf8"): string[] {
  const text = output.toString(encoding);
  return text === "" ? [] : (text.endsWith("\0") ? text.slice(0, -1) : text).split("\0");
}

/** `folder` itself or something in it; both with `/`. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}
