import type { RoleName } from "#lib/contract/wire.ts";
import { roles } from "#lib/contract/wire.ts";

/** Each role may do what the ones before it may. What needs which role is said by the contract and the route table. */
export function can(role: RoleName, least: RoleName): boolean {
  return roles.indexOf(role) >= roles.indexOf(least);
}
