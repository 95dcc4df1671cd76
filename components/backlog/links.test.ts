import { expect, test } from "vitest";
import { StoryBacklog } from "#e2e/fakes/dashboard/backlog.ts";
import { items } from "#e2e/fakes/dashboard/sessions.ts";
import { linksOf } from "./links.ts";

const backlog = new StoryBacklog(items);
const linksFor = (id: string) => linksOf(backlog.detail(backlog.items.get(id)!), items);

test("[U36] dependencies are shown both ways, also where the tracker tells one of them", () => {
  expect(linksFor("bd-auth.6")).toMatchObject({
    needs: ["bd-auth.0"],
    neededBy: ["bd-auth.8"],
    parent: "bd-auth",
    others: [{ id: "bd-ui.14", kind: "related" }],
  });
  expect(linksFor("bd-auth.8").needs).toEqual(["bd-auth.3", "bd-auth.6"]);
  expect(linksFor("bd-pay").children).toContain("bd-pay.4");
});

test("[U36] items of other repositories that have the same ids do not count", () => {
  const elsewhere = items.map((item) => ({
    ...item,
    repository: "0000000000000000" as typeof item.repository,
  }));
  expect(linksOf(backlog.detail(items[0]!), elsewhere)).toMatchObject({ neededBy: [], children: [] });
});
