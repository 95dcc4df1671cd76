import type { Actor } from "#server/application.ts";
import type { AuditEntry } from "#server/sessions/ports.ts";

/** Who an entry of the audit is about. */
export function signature({
  name,
  person,
  via,
  inside,
}: Actor): Pick<AuditEntry, "actor" | "person" | "via"> {
  const way = via.id === null ? via.kind : `${via.kind} ${via.id}`;
  return { actor: name, person, via: inside === undefined ? way : `${way}, inside of ${inside}` };
}
