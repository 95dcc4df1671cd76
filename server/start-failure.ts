import { ConfigurationError } from "./config.ts";
import { CertificateError } from "./lan/certificate.ts";
import { NoSuchAddressError } from "./lan/choose-addresses.ts";
import { DamagedDatabaseError } from "./store/database.ts";
import { MigrationError } from "./store/migrate.ts";

/** By the system's codes and SQLite's. */
const troubles: readonly (readonly [RegExp, string])[] = [
  [/^(?:ENOSPC|EDQUOT|SQLITE_FULL)/, "its disk is full"],
  [/^(?:EROFS|SQLITE_READONLY)/, "it is read-only"],
  [/^(?:EACCES|EPERM|SQLITE_PERM|SQLITE_CANTOPEN)/, "there is no right to write in it"],
  [/^(?:ENOTDIR|EEXIST)/, "it is not a folder"],
  [/^SQLITE_IOERR/, "its disk does not write"],
];

/** Why the server of a data folder cannot start, where a person can do something about it; else null. */
export function describeStartFailure(error: unknown, home: string): string | null {
  if (
    error instanceof ConfigurationError ||
    error instanceof DamagedDatabaseError ||
    error instanceof MigrationError ||
    error instanceof NoSuchAddressError ||
    error instanceof CertificateError
  ) {
    return error.message;
  }
  const code = codeOf(error);
  const trouble = troubles.find(([pattern]) => pattern.test(code))?.[1];
  return trouble === undefined ? null : `The data folder ${home} cannot be used: ${trouble}.`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
