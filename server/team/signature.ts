import type { Actor } from "#server/application.ts";
import type { AuditEntry } from "#server/sessions/ports.ts";

/** Who an entry of the audit is about. */
export function signature({ name, person, via }: Actor): Pick<AuditEntry, "actor" | "person" | "via"> {
  return { actor: name, person, via: via.id === null ? via.kind : `${via.kind} ${via.id}` };
}
