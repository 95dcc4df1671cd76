import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { beforeEach, expect, test } from "vitest";
import { actorNamed } from "#e2e/fixtures/actor.ts";
import { createTurnedClock } from "#server/fixtures/house.ts";
import type { Team } from "#server/team/team.ts";
import type { Visitor } from "#server/team/visitor.ts";
import { endWithVisitor } from "./end-with-visitor.ts";

const owner: Visitor = { actor: actorNamed("Olga", "owner"), credential: "c0ffee", line: { kind: "tls" } };
const clock = createTurnedClock();
let standing: Visitor | null;
let tellChange: (person: string) => void;
beforeEach(() => (standing = owner));

/** An answer to Olga that only owners get, after the first look. */
async function openAnswer(): Promise<ServerResponse> {
  const team: Pick<Team, "again" | "onLeft" | "onChanged"> = {
    again: () => Promise.resolve(standing),
    onLeft: () => () => undefined,
    onChanged(listener) {
      tellChange = listener;
      return () => undefined;
    },
  };
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  const onError = (error: unknown) => expect(error).toBeUndefined();
  endWithVisitor({ visitor: owner, response, least: "owner" }, { team, clock, onError });
  await settled();
  return response;
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("[T23] a stream ends when its login has ended by time, though nobody said so", async () => {
  const response = await openAnswer();
  await clock.advance(29_000);
  standing = null;
  expect(response.destroyed).toBe(false);
  await clock.advance(1_000);
  await settled();
  expect(response.destroyed).toBe(true);
});

test("[T23] it ends at once where the one who asked left before anybody listened", async () => {
  standing = null;
  expect((await openAnswer()).destroyed).toBe(true);
});

test("[T23] it ends when the role is no longer enough, and not when another's changes", async () => {
  const response = await openAnswer();
  standing = { ...owner, actor: { ...owner.actor, role: "operator" } };
  tellChange("somebody else");
  await settled();
  expect(response.destroyed).toBe(false);
  tellChange(owner.actor.person);
  await settled();
  expect(response.destroyed).toBe(true);
});
