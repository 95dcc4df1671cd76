import type { Browser, Page } from "@playwright/test";
import { expect, test } from "@playwright/test";
import type { ReadOutput } from "#lib/contract/wire.ts";
import { asks, createRehearsalHouse } from "./fixtures/rehearsal-house.ts";

/** A browser of its own, let in by a link. */
async function comeIn(browser: Browser, link: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(link);
  await expect(page).toHaveURL(/\/$/, { timeout: 120_000 });
  return page;
}

async function invite(owner: Page, name: string, role: "Viewer" | "Operator"): Promise<string> {
  await owner.getByRole("button", { name: "Invite" }).click();
  const dialog = owner.getByRole("dialog");
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByRole("button", { name: role }).click();
  await dialog.getByRole("button", { name: "Make the link" }).click();
  const link = await dialog.getByLabel("invitation link", { exact: true }).inputValue();
  await dialog.getByRole("button", { name: "Done" }).click();
  return link;
}

test("[U110] two people see each other, only the first answer counts, and who is revoked is out at once", async ({
  browser,
}) => {
  await using house = await createRehearsalHouse();
  const session = await house.bring("waiting", "Paint the door", asks);
  const { url } = await house.json<{ url: string }>("open", "--no-browser");
  const ada = await comeIn(browser, url);
  await ada.getByRole("button", { name: /team, activity, sign out/ }).click();
  await ada.getByRole("menuitem", { name: /Team/ }).click();
  const forMira = await invite(ada, "Mira Vogel", "Operator");
  const forWei = await invite(ada, "Wei", "Viewer");

  // The link works once, and the guest appears to the owner by name.
  const mira = await comeIn(browser, forMira);
  await expect(ada.getByRole("list", { name: "Also here" }).getByLabel(/Mira Vogel/)).toBeVisible();
  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto(forMira);
  await expect(stranger.getByRole("alert").filter({ hasText: /used|expired/ })).toBeVisible();
  await stranger.context().close();

  // Both look at the question; each sees the other there, and who writes.
  const questions = new URL(`/sessions/${session.id}?tab=questions`, url).href;
  await ada.goto(questions);
  await mira.goto(questions);
  await expect(ada.getByTestId("watchers")).toContainText("Mira Vogel looks at this too");
  await mira.getByTestId("question-form").getByText("blue").click();
  await expect(ada.getByTestId("writers")).toContainText("Mira Vogel is writing an answer");

  // Both answer at once: one counts, and the other is told whose it was.
  await ada.getByTestId("question-form").getByText("red").click();
  // At the same instant of one clock: a click that comes later would find the question answered already.
  const instant = Date.now() + 500;
  await Promise.all(
    [ada, mira].map((page) =>
      page.getByRole("button", { name: "Send answer" }).evaluate((button: HTMLElement, at) => {
        setTimeout(() => {
          button.click();
        }, at - Date.now());
      }, instant),
    ),
  );
  const client = await house.client();
  const [ended] = await house.until("the question is answered", async () => {
    const all = await client.read("questions", { all: true });
    return all[0]?.question.status === "answered" ? all : null;
  });
  const answer = ended?.question.status === "answered" ? ended.question.answer : null;
  const second = answer?.by === "Mira Vogel" ? ada : mira;
  await expect(
    second
      .getByText(new RegExp(`${answer?.by ?? "nobody"}.*answered|answered.*${answer?.by ?? "nobody"}`))
      .first(),
  ).toBeVisible();

  // A viewer sees all of it, and the reason in the place of what they may not do.
  const approved = await house.reach(session.id, "approved");
  const wei = await comeIn(browser, forWei);
  await wei.goto(new URL(`/sessions/${approved.id}`, url).href);
  await expect(wei.getByRole("heading", { name: "Paint the door" })).toBeVisible();
  await expect(wei.getByTestId("merge-button")).toHaveCount(0);
  await expect(wei.getByRole("button", { name: /Rework/ })).toHaveAttribute("aria-disabled", "true");
  const status = await wei.evaluate(async (id) => {
    const response = await fetch("/api/commands", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-amplify-token": localStorage.getItem("amplify:token") ?? "",
      },
      body: JSON.stringify({ name: "merge:start", key: "00000000-u110", input: { session: id } }),
    });
    return response.status;
  }, approved.id);
  expect(status).toBe(403);

  // Revoked: their page says so within a second, and shows nothing any more.
  const { people } = await client.read("team", {});
  const person = people.find(({ name }: ReadOutput<"team">["people"][number]) => name === "Mira Vogel")!;
  const out = mira.getByText("You are signed out").waitFor({ timeout: 10_000 });
  const began = performance.now();
  await client.command("team:revoke", { person: person.id });
  await out;
  expect(performance.now() - began).toBeLessThan(1000);
  await expect(mira.getByRole("heading", { name: "Paint the door" })).toHaveCount(0);
});
