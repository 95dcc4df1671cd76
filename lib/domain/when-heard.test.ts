import { expect, it } from "vitest";
import { sessionStatuses } from "#lib/contract/wire/session.ts";
import { whenHeard } from "./when-heard.ts";

it("[S213] of every status is told when the agent reads a message, and what follows", () => {
  for (const status of sessionStatuses) expect(whenHeard(status)).toMatch(/^(the|nobody) .*\.$/);
  expect(whenHeard("approved")).toContain("reviewed again before it can land");
});
