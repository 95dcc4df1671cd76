import type { LinkRow, LoginRow } from "./ports.ts";

/** The open links to a person's further browsers that this login made. They end with it: whoever stole it keeps nothing. */
export function linksMadeBy(login: LoginRow, open: readonly LinkRow[]): LinkRow[] {
  return open.filter(({ personId, since }) => personId === login.personId && since === login.createdAt);
}
