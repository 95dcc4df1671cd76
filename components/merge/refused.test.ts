import { expect, it } from "vitest";
import type { LandingView, SessionView } from "#lib/contract/wire.ts";
import { refusedRevert } from "./refused.ts";

it("[Q143] the session's page shows its last revert where that was refused, and no other", () => {
  const session = { id: "session-t-1-abc123", reverted: null } as unknown as SessionView;
  const landing = (kind: string, status: string, startedAt: string, of = session.id) =>
    ({ session: of, kind, status, startedAt }) as LandingView;
  const merged = landing("merge", "landed", "2026-01-01T00:00:00Z");
  const refused = landing("revert", "conflict", "2026-01-02T00:00:00Z");
  const others = landing(
    "revert",
    "error",
    "2026-01-05T00:00:00Z",
    "session-t-2-abc123" as SessionView["id"],
  );
  expect(refusedRevert([refused, merged, others], session)).toBe(refused);
  expect(refusedRevert([merged, others], session)).toBeNull();
  for (const status of ["running", "landed", "cancelled"])
    expect(refusedRevert([landing("revert", status, "2026-01-03T00:00:00Z"), refused], session)).toBeNull();
  const reverted = { ...session, reverted: {} } as SessionView;
  expect(refusedRevert([refused], reverted)).toBeNull();
});
