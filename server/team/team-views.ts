import type { z } from "zod";
import type {
  AuditEntryView,
  deviceView as deviceSchema,
  InvitationView,
  PersonView,
  TokenView,
} from "#lib/contract/wire.ts";
import type { AuditRow, BearerRow, LinkRow, LoginRow, PersonRow } from "./ports.ts";
import { absoluteLimitMs, idleLimitMs } from "./login-limits.ts";
import { credentialId } from "./visitor.ts";

export function personView(person: PersonRow, seenAt: string | null): PersonView {
  return { ...person, lands: [...person.lands], seenAt };
}

export function deviceView(login: LoginRow): z.infer<typeof deviceSchema> {
  const { hash, personId, createdAt, seenAt, address, userAgent } = login;
  const ends = Math.min(Date.parse(createdAt) + absoluteLimitMs, Date.parse(seenAt) + idleLimitMs);
  const endsAt = new Date(ends).toISOString();
  return { id: credentialId(hash), person: personId, createdAt, seenAt, endsAt, address, userAgent };
}

/** `by` is the name of who made it. */
export function invitationView(link: LinkRow, by: string): InvitationView {
  const { hash, name, role, reusable, uses, createdAt, expiresAt } = link;
  return { id: credentialId(hash), name, role, reusable, uses, by, createdAt, expiresAt };
}

export function tokenView(bearer: BearerRow): TokenView {
  const { hash, name, role, personId, createdAt, seenAt, expiresAt } = bearer;
  return { id: credentialId(hash), name, role, person: personId, createdAt, seenAt, expiresAt };
}

export function auditEntryView(row: AuditRow): AuditEntryView {
  return { ...row };
}
