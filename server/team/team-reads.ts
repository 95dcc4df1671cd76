import type { ReadOutput } from "#lib/contract/wire.ts";
import type { Actor } from "#server/application.ts";
import type { Clock } from "#server/ports.ts";
import { isCurrent } from "./login-limits.ts";
import type { AuditQuery, TeamStore } from "./ports.ts";
import type { Team } from "./team.ts";
import { auditEntryView, deviceView, invitationView, personView, tokenView } from "./team-views.ts";

export interface TeamReads {
  team(actor: Actor): Promise<ReadOutput<"team">>;
  audit(query: Omit<AuditQuery, "after">): Promise<ReadOutput<"audit">>;
  /** The whole log, oldest first, in pages: what is written meanwhile comes too. */
  readonly wholeAudit: (
    query: Pick<AuditQuery, "actor" | "action" | "outcome" | "since">,
  ) => AsyncGenerator<ReadOutput<"audit">["entries"]>;
}

const pageSize = 500;

/** Who is in the team and what was done. What is an owner's to see is left out for others. */
export function createTeamReads(room: {
  store: TeamStore;
  clock: Pick<Clock, "now">;
  team: Pick<Team, "place">;
}): TeamReads {
  const { store, clock } = room;
  return {
    async team(actor) {
      const now = clock.now();
      const isOwner = actor.role === "owner";
      const people = await store.people();
      const logins = (await store.logins(null)).filter((login) => isCurrent(login, now.getTime()));
      const isAhead = (at: string | null) => at === null || Date.parse(at) > now.getTime();
      const bearers = (await store.bearers()).filter(({ expiresAt }) => isAhead(expiresAt));
      const links = (await store.links()).filter(
        ({ personId, expiresAt }) => personId === null && isAhead(expiresAt),
      );
      const nameOf = (id: string) => people.find((person) => person.id === id)?.name ?? id;
      const seenOf = (id: string) =>
        [...logins, ...bearers]
          .filter(({ personId }) => personId === id)
          .reduce<string | null>(
            (last, { seenAt }) => (seenAt !== null && seenAt > (last ?? "") ? seenAt : last),
            null,
          );
      return {
        people: people
          .filter(({ revokedAt }) => isOwner || revokedAt === null)
          .map((person) => personView(person, seenOf(person.id))),
        devices: logins.filter(({ personId }) => isOwner || personId === actor.person).map(deviceView),
        invitations: isOwner ? links.map((link) => invitationView(link, nameOf(link.createdBy))) : [],
        tokens: isOwner ? bearers.map(tokenView) : [],
        fingerprint: room.team.place().fingerprint,
      };
    },

    async audit(query) {
      const rows = await store.audit(query);
      const last = rows.length === query.limit ? rows.at(-1) : undefined;
      return { entries: rows.map(auditEntryView), next: last?.seq ?? null };
    },

    async *wholeAudit(query) {
      for (let after = 0; ;) {
        const rows = await store.audit({ ...query, after, limit: pageSize });
        yield rows.map(auditEntryView);
        const last = rows.at(-1);
        if (rows.length < pageSize || !last) return;
        after = last.seq;
      }
    },
  };
}
