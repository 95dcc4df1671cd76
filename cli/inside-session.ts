import path from "node:path";

/** The session whose agent this process runs for, by its environment; null outside of sessions. */
export function insideSession(): string | null {
  const directory = process.env["AMPLIFY_SESSION_DIR"] ?? "";
  return directory === "" ? null : path.basename(path.resolve(directory));
}
