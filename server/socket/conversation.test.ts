import { expect, test } from "vitest";
import { roles } from "#lib/contract/wire.ts";
import type { OurSocket } from "./conversation.ts";
import { converse, eventRoles } from "./conversation.ts";

test("[W48] a socket listens to nothing but the events that have a declared role", () => {
  const heard: string[] = [];
  const socket = { on: (event: string) => heard.push(event) } as unknown as OurSocket;
  converse(socket, {} as Parameters<typeof converse>[1]);
  expect(heard.filter((event) => event !== "disconnect").sort()).toEqual(Object.keys(eventRoles).sort());
  for (const role of Object.values(eventRoles)) expect(roles).toContain(role);
});
