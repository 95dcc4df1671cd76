import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

/** Thrown where a program is not there or may not be run. */
export class ProgramNotFoundError extends Error {
  override readonly name = "ProgramNotFoundError";
  readonly file: string;

  constructor(file: string) {
    super(`The program ${JSON.stringify(file)} was not found, or it may not be run.`);
    this.file = file;
  }
}

/** The absolute path of a program: as it is, or from the absolute folders of `path`. */
export function findProgram(file: string, path: string): string {
  const candidates = isAbsolute(file)
    ? [file]
    : file.includes("/")
      ? []
      : path
          .split(delimiter)
          .filter(isAbsolute)
          .map((folder) => join(folder, file));
  const found = candidates.find(isRunnable);
  if (found === undefined) throw new ProgramNotFoundError(file);
  return found;
}

function isRunnable(path: string) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
