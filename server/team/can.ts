import type { CommandName, ReadName, Right, RoleName } from "#lib/contract/wire.ts";
import { commands, reads, roles } from "#lib/contract/wire.ts";
import type { RepositoryId } from "#lib/domain/ids.ts";
import type { Actor } from "#server/application.ts";

/** What something asks of the one who does it; the contract says it for every command and read. */
export interface Demand {
  readonly role: RoleName;
  readonly right: Right | null;
}

/**
 * Why somebody may not do something here and now, as a sentence; null where they may. Socket, API, command line and page all
 * go by this. Where a demanded right goes by repository, null as `repository` asks whether they have it anywhere.
 */
export function whyNot(actor: Actor, demand: Demand, repository: RepositoryId | null = null): string | null {
  if (roles.indexOf(actor.role) < roles.indexOf(demand.role))
    return `This needs the role ${demand.role}, and you are ${actor.role}.`;
  const isOwners = demand.role === "owner" || demand.right === "land";
  if (actor.isConfined && isOwners)
    return "This line can be listened to: owners act on the server's machine, or over TLS.";
  if (actor.inside !== undefined && (isOwners || demand.right !== null))
    return `This is a person's to do, and it came from inside of ${actor.inside}.`;
  if (demand.right === "machine" && actor.via.kind !== "machine")
    return "Only a command on the server's machine may do this.";
  return demand.right === "land" ? whyNotLand(actor, repository) : null;
}

function whyNotLand(actor: Actor, repository: RepositoryId | null): string | null {
  const mayHere = repository === null ? actor.lands.length > 0 : actor.lands.includes(repository);
  if (actor.role !== "owner" && !mayHere)
    return `You may not land ${repository === null ? "anywhere" : "in this repository"}: an owner can grant it.`;
  if (!actor.isFresh) return "Landing needs a login that is not older than 12 hours: sign in again.";
  return null;
}

/** Everything that somebody may not do, each with the reason. */
export function refusedTo(actor: Actor): Record<string, string> {
  const demands: [CommandName | ReadName, Demand][] = [
    ...(Object.keys(commands) as CommandName[]).map(
      (name) => [name, commands[name]] as [CommandName, Demand],
    ),
    ...(Object.keys(reads) as ReadName[]).map((name) => [name, reads[name]] as [ReadName, Demand]),
  ];
  return Object.fromEntries(
    demands.flatMap(([name, demand]) => {
      const why = whyNot(actor, demand);
      return why === null ? [] : [[name, why]];
    }),
  );
}
