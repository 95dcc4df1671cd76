import { expect, test } from "vitest";
import { wishOf } from "./phrase.ts";

test("[U28] plain phrases are understood, and names are no phrases", () => {
  expect(wishOf("What's the status?")).toEqual({ kind: "go", href: "/" });
  expect(wishOf("Any questions from the agents?")).toEqual({ kind: "go", href: "/questions" });
  expect(wishOf("merge the approved work")).toEqual({ kind: "merge-approved" });
  expect(wishOf("start working on project:auth")).toEqual({ kind: "work-through", project: "auth" });
  expect(wishOf("Start working on the project")).toEqual({ kind: "work-through", project: null });
  expect(wishOf("dispatch everything ready")).toEqual({ kind: "dispatch-ready" });
  expect(wishOf("dispatch bd-auth.1")).toEqual({ kind: "dispatch", item: "bd-auth.1" });
  expect(wishOf("bd-auth.1")).toBeNull();
  expect(wishOf("argon")).toBeNull();
});
