import type { LoginRow } from "./ports.ts";

const hour = 3_600_000;
export const idleLimitMs = 12 * hour;
export const absoluteLimitMs = 7 * 24 * hour;
/** Landing asks for a login that is not older. */
export const freshLimitMs = 12 * hour;

/** Whether a login still lets in, apart from its person. */
export function isCurrent(login: LoginRow, nowMs: number): boolean {
  return (
    login.revokedAt === null &&
    nowMs - Date.parse(login.seenAt) < idleLimitMs &&
    nowMs - Date.parse(login.createdAt) < absoluteLimitMs
  );
}
