import type { ServerResponse } from "node:http";
import type { RoleName } from "#lib/contract/wire.ts";
import type { Clock } from "#server/ports.ts";
import { whyNot } from "#server/team/can.ts";
import type { Team } from "#server/team/team.ts";
import type { Visitor } from "#server/team/visitor.ts";

const lookAgainEveryMs = 30_000;

/**
 * An answer that goes on ends when the one who asked was signed out, and when they may not ask any more: their login may
 * also end by time alone, and their role may change.
 */
export function endWithVisitor(
  call: { readonly visitor: Visitor; readonly response: ServerResponse; readonly least: RoleName },
  deps: {
    readonly team: Pick<Team, "again" | "onLeft" | "onChanged">;
    readonly clock: Clock;
    readonly onError: (error: unknown) => void;
  },
): void {
  const { visitor, response, least } = call;
  const { team, clock, onError } = deps;
  const stops = [
    team.onLeft((credential) => {
      if (credential === visitor.credential) response.destroy();
    }),
    team.onChanged((person) => {
      if (person === visitor.actor.person) look().catch(onError);
    }),
  ];
  let cancel = () => {};
  let isOver = false;

  async function look(): Promise<void> {
    const current = await team.again(visitor);
    if (!current || whyNot(current.actor, { role: least, right: null }) !== null) response.destroy();
  }
  function keepLooking(): void {
    look()
      .catch(onError)
      .finally(() => {
        if (!isOver) cancel = clock.after(lookAgainEveryMs, keepLooking);
      });
  }

  // At once too: whoever left between the gate's look and now was told of before anybody listened.
  keepLooking();
  response.once("close", () => {
    isOver = true;
    cancel();
    for (const stop of stops) stop();
  });
}
