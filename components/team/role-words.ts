import type { RoleName } from "#lib/contract/wire.ts";

/** What each role is for, in one sentence. */
export const roleWords: Readonly<Record<RoleName, string>> = {
  viewer: "Sees everything and changes nothing.",
  operator: "Also dispatches, stops, answers and sends to rework; lands where an owner grants it.",
  owner: "Also lands, overrules, changes settings and invites.",
};
