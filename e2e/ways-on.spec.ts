import { expect, test } from "@playwright/test";
import { createRehearsalHouse } from "./fixtures/rehearsal-house.ts";

test("[U242] failed work goes on by click: with a new conversation, as another session under a chosen agent type, or back to the backlog", async ({
  page,
}) => {
  await using house = await createRehearsalHouse({ config: { validate: [] } });
  // It fails again in every conversation.
  const script = "write: door.txt\n  red\ncommit: Paint it\nfail: killed";
  const first = await house.bring("failed", "Paint the door", script);
  const { url } = await house.json<{ url: string }>("open");
  await page.goto(url);
  await expect(page).toHaveURL(/\/$/, { timeout: 120_000 });
  await page.goto(new URL(`/sessions/${first.id}`, url).href);
  const status = page.getByTestId("session-status").first();
  await expect(status).toContainText("failed");
  const choose = async (way: string) => {
    await page.getByRole("button", { name: "More ways on" }).click();
    await page.getByRole("menuitem", { name: new RegExp(`^${way}`) }).click();
  };

  // The same worktree, a new conversation, and words for it.
  await choose("Resume with a new conversation");
  const resume = page.getByRole("dialog", { name: "Resume with a new conversation" });
  await resume.getByRole("textbox").fill("Mind the hinges");
  await resume.getByRole("button", { name: "Resume" }).click();
  await page.getByRole("tab", { name: "Timeline" }).click();
  await expect(page.getByText(/new conversation/).first()).toBeVisible({ timeout: 60_000 });
  await expect(status).toContainText("failed", { timeout: 60_000 });

  // A new session in its place, under a role that a person chose.
  await choose("Dispatch again");
  const again = page.getByRole("dialog", { name: `Dispatch ${first.item.id} again` });
  await expect(again.getByText("Because: no label and no rule names a type.")).toBeVisible();
  await again.getByLabel("Agent type").selectOption("test-engineer");
  await again.getByRole("button", { name: "Dispatch again" }).click();
  await expect(page).not.toHaveURL(new RegExp(first.id));
  await expect(page.getByText("test-engineer · rehearsal")).toBeVisible();
  await expect(status).toContainText("failed", { timeout: 60_000 });
  const second = await house.session(first.item.id);
  expect(second.id).not.toBe(first.id);

  // Given up: the item is free, the work is kept, and only a new session is offered.
  await choose("Give up");
  const giveUp = page.getByRole("dialog", { name: `Give ${first.item.id} up` });
  await giveUp.getByRole("button", { name: "Give up" }).click();
  await expect(status).toContainText("stopped", { timeout: 60_000 });
  await expect(page.getByRole("button", { name: "Dispatch again" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Resume" })).toHaveCount(0);
  await expect(page.getByText("Work is kept")).toBeVisible({ timeout: 60_000 });
  await page.goto(new URL(`/backlog?item=${first.item.id}`, url).href);
  const panel = page.getByRole("complementary", { name: `Item ${first.item.id}` });
  await panel.getByRole("button", { name: `Choose the agent type for ${first.item.id}` }).click();
  await expect(page.getByRole("dialog", { name: `Dispatch ${first.item.id}` })).toBeVisible();
});
