import { expect, test } from "vitest";
import type { MeView } from "#lib/contract/wire.ts";
import { parseRepositoryId } from "#lib/domain/ids.ts";
import { whyNot } from "./use-may.ts";

const here = parseRepositoryId("0000000000000001");
const there = "0000000000000002";
const me: MeView = {
  id: "1",
  name: "mira",
  role: "operator",
  device: null,
  instance: "i",
  version: "0",
  place: { url: "", reach: "machine", isInsecure: false },
  refused: { "team:invite": "This needs the role owner, and you are operator." },
  lands: [here],
};

test("[U106] what the server would refuse is known before, with its reason; landing goes by repository", () => {
  expect(whyNot(me, "team:invite")).toBe("This needs the role owner, and you are operator.");
  expect(whyNot(me, "session:dispatch")).toBeNull();
  expect(whyNot(me, "merge:start")).toBeNull();
  expect(whyNot(me, "merge:start", here)).toBeNull();
  expect(whyNot(me, "merge:start", there)).toContain("an owner can grant it");
  expect(whyNot({ ...me, lands: null }, "merge:start", there)).toBeNull();
  expect(whyNot(me, "session:dispatch", there)).toBeNull();
  expect(whyNot(null, "session:dispatch")).toBe("Not connected yet.");
});
