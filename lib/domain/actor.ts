/** Actors that are no person: the server and its tools, and sessions under their own names. */
export const machineActors: readonly string[] = ["server", "git", "tracker", "agent"];
export const sessionActorBeginnings: readonly string[] = ["session-", "amplify/"];

/** Whether a person did it, rather than an agent, a tool or the server by itself. */
export function isPersonsName(actor: string): boolean {
  return !machineActors.includes(actor) && !sessionActorBeginnings.some((each) => actor.startsWith(each));
}
