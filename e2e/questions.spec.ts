import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import type { ReadOutput } from "#lib/contract/wire.ts";
import { enter } from "./fixtures/pages.ts";
import { asks, createRehearsalHouse, type RehearsalHouse } from "./fixtures/rehearsal-house.ts";

/** Commits something, then asks three things on one card. */
const asksThree = [
  "write: plan.txt\n  Paint the sign.\ncommit: Plan it",
  "ask: Colour | Which **colour**? Today it is `red`.",
  "  - red: as it was",
  "  - blue: the *new* one",
  "  ? Tools | Which tools may I use?",
  "  * brush",
  "  * roller",
  "  ? Name | What name goes on the sign?",
  "  > The item does not say.",
  "write: sign.txt\n  {answer}\ncommit: Paint the sign",
].join("\n");

const card = (page: Page, item: string) => page.getByRole("region", { name: `Question of ${item}` });
const icon = (page: Page) => page.locator('link[rel="icon"]').getAttribute("href");

async function answersOf(house: RehearsalHouse): Promise<ReadOutput<"questions">> {
  return (await house.client()).read("questions", { all: true });
}

test("[Q140] a card of several questions is answered by keys alone, the next one opens, and the tab counts what waits", async ({
  page,
}) => {
  const folder = await mkdtemp(join(tmpdir(), "amplify-hold-"));
  const hold = join(folder, "hold");
  await writeFile(hold, "");
  await using house = await createRehearsalHouse({
    config: { validate: [`while [ -e ${hold} ]; do sleep 0.1; done`], gate: [] },
  });
  const sign = await house.bring("waiting", "Paint the sign", asksThree);
  const door = await house.bring("waiting", "Paint the door", asks);
  await enter(page, house);
  await expect(page).toHaveTitle("(2) Board · Amplify");
  expect(await icon(page)).toContain("svg+xml");

  await page.keyboard.press("g");
  await page.keyboard.press("q");
  await expect(page).toHaveTitle("(2) Inbox · Amplify");
  expect(await icon(page)).toContain("svg+xml");
  const first = card(page, sign.item.id);
  await expect(first.locator("strong")).toHaveText("colour");
  await expect(first.locator("code")).toHaveText("red");
  await expect(first.locator("em")).toHaveText("new");

  // The work so far is one click away, at the very file.
  await first.getByText("What was going on").click();
  await first.getByRole("link", { name: "plan.txt" }).click();
  await expect(page).toHaveURL(/tab=diff&file=plan\.txt/);
  await expect(page.getByRole("region", { name: "plan.txt" })).toBeFocused();
  await page.goBack();

  // Digits go to the first part without an answer; j is there first, and so has the focus.
  await expect(first).toBeVisible();
  await page.keyboard.press("j");
  await expect(first).toBeFocused();
  await page.keyboard.press("2");
  await expect(first.getByRole("radio", { name: /^blue/ })).toBeChecked();
  await page.keyboard.press("1");
  await expect(first.getByRole("checkbox", { name: "brush" })).toBeChecked();
  await expect(first.getByText("2 of 3 answered")).toBeVisible();
  await page.keyboard.press("Enter");
  const name = first.getByRole("textbox", { name: "Own words" }).nth(2);
  for (let presses = 0; presses < 20; presses += 1) {
    await page.keyboard.press("Tab");
    if (await name.evaluate((field) => field === document.activeElement)) break;
  }
  await page.keyboard.type("Harbour");
  await expect(page).toHaveTitle("(2) Inbox · Amplify");
  await page.keyboard.press("Enter");

  // The card goes, and the next one has the focus.
  const second = card(page, door.item.id);
  await expect(first).toHaveCount(0);
  await expect(second).toBeFocused();
  await expect(page).toHaveTitle("(1) Inbox · Amplify");
  await page.keyboard.press("2");
  await page.keyboard.press("Enter");
  await expect(second).toHaveCount(0);
  await expect(page).toHaveTitle("Inbox · Amplify");
  expect(await icon(page)).toBe("/icon.svg");

  const said = (await answersOf(house)).map(({ item, question }) => [
    item.id,
    question.status === "answered" && question.answer.choices,
  ]);
  expect(Object.fromEntries(said)).toEqual({
    [sign.item.id]: [
      { labels: ["blue"], text: "" },
      { labels: ["brush"], text: "" },
      { labels: [], text: "Harbour" },
    ],
    [door.item.id]: [{ labels: ["blue"], text: "" }],
  });
  await rm(folder, { recursive: true });
  const { branch } = await house.reach(sign.id, "approved");
  expect(await house.repository.git("show", `${branch}:sign.txt`)).toMatch(/blue|brush|Harbour/);
});

test("[Q141] one answer goes to all that ask the same, stands for later ones with the way to its rule, and ends with it", async ({
  page,
}) => {
  await using house = await createRehearsalHouse({ config: { validate: [] } });
  const [one, two] = await Promise.all([
    house.bring("waiting", "Paint the door", asks),
    house.bring("waiting", "Paint the wall", asks),
  ]);
  const origin = await enter(page, house);
  await page.goto(`${origin}/questions`);
  await expect(page.getByTestId("question-form")).toHaveCount(1);
  const form = page.getByTestId("question-form");
  await expect(form).toContainText("One more session asks the same");
  await form.getByRole("radio", { name: "blue" }).check();
  await form.getByLabel("Use this answer for questions like it").check();
  await form.getByRole("button", { name: "Send answer" }).click();
  await expect(page.getByText("2 questions answered")).toBeVisible();
  await expect(page.getByText("Standing answer #1 made")).toBeVisible();
  for (const { question } of await answersOf(house)) {
    expect(question).toMatchObject({ status: "answered", answer: { choices: [{ labels: ["blue"] }] } });
  }
  await Promise.all([one, two].map(({ id }) => house.reach(id, "approved")));

  // The third that asks it is answered at once, and says by what.
  const third = await house.bring("approved", "Paint the roof", asks);
  await page.goto(`${origin}/sessions/${third.id}?tab=questions`);
  await expect(page.getByText("standing answer #1 of")).toBeVisible();
  await page.getByRole("link", { name: "see or revoke the rule" }).click();
  await expect(page).toHaveURL(/answers=1$/);
  const dialog = page.getByRole("dialog", { name: "Standing answers" });
  const asked = dialog.locator("[aria-current]");
  await expect(asked).toContainText("#1");
  await expect(asked).toContainText("used 1 time");

  // It is widened and narrowed again, each time as a rule in its place; the first stays to be seen.
  const rule = (number: number) => dialog.getByRole("listitem").filter({ hasText: `#${String(number)} ` });
  await rule(1).getByRole("button", { name: "Edit" }).click();
  await dialog.getByLabel("only with the same options").uncheck();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(rule(2)).toContainText("any options");
  await expect(asked).toContainText("revoked by");
  await rule(2).getByRole("button", { name: "Edit" }).click();
  await dialog.getByLabel("only with the same options: red, blue").check();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(rule(3)).toContainText("same options");

  // Revoked: a person is asked again.
  await rule(3).getByRole("button", { name: "Revoke" }).click();
  await expect(rule(3)).toHaveCount(0);
  await house.bring("waiting", "Paint the fence", asks);
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("question-form")).toHaveCount(1);
});

test("[Q142] what newly needs a person is told by a sound and on the desktop, where this browser was allowed to", async ({
  page,
}) => {
  // The desktop and the loudspeaker stand in the page, and the page lies in the background.
  await page.addInitScript(() => {
    const told: string[] = [];
    const Note = Object.assign(
      function (title: string, { body }: { body: string }) {
        told.push(`${title}: ${body}`);
      },
      {
        permission: sessionStorage.getItem("permission") ?? "default",
        requestPermission() {
          sessionStorage.setItem("permission", (Note.permission = "granted"));
          return Promise.resolve("granted");
        },
      },
    );
    class Sound extends AudioContext {
      constructor() {
        super();
        told.push("a sound");
      }
    }
    Object.defineProperty(document, "hidden", { get: () => true });
    Object.assign(window, { Notification: Note, AudioContext: Sound, __told: told });
  });
  const told = () => page.evaluate(() => (window as unknown as { __told: string[] }).__told);
  await using house = await createRehearsalHouse();
  await house.bring("waiting", "Paint the door", asks);
  await enter(page, house);
  await house.bring("waiting", "Paint the wall", asks);
  await expect(page).toHaveTitle("(2) Board · Amplify");
  expect(await told()).toEqual([]);

  await page.getByRole("button", { name: "Alerts" }).click();
  const dialog = page.getByRole("dialog", { name: "Alerts" });
  await dialog.getByLabel("Play a sound").check();
  await dialog.getByLabel(/^Notify on the desktop/).check();
  await page.keyboard.press("Escape");
  await house.bring("waiting", "Paint the roof", asks);
  await expect(page).toHaveTitle("(3) Board · Amplify");
  await expect.poll(told).toEqual(["a sound", "Question: Paint the roof: Which colour?"]);

  // It is kept in this browser, and what is there when a page opens is no news.
  await page.reload();
  await expect(page).toHaveTitle("(3) Board · Amplify");
  expect(await told()).toEqual([]);
  await house.bring("waiting", "Paint the fence", asks);
  await expect.poll(told).toEqual(["a sound", "Question: Paint the fence: Which colour?"]);
});

test("[Q128] an owner adds, tries and removes a webhook in the browser, and sees what became of each message", async ({
  page,
}) => {
  const heard: string[] = [];
  let status = 500;
  const receiver = createServer((request, response) => {
    heard.push(`${request.method ?? ""} ${String(request.headers["x-amplify-event"])}`);
    request.resume();
    response.writeHead(status).end();
  }).listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const address = receiver.address();
  const port = typeof address === "object" && address ? address.port : 0;
  await using house = await createRehearsalHouse();
  await enter(page, house);
  await page.getByRole("button", { name: /team, activity, sign out/ }).click();
  await page.getByRole("menuitem", { name: /Webhooks/ }).click();
  await expect(page).toHaveTitle("Webhooks · Amplify");
  await expect(page.getByText("Nothing is sent anywhere")).toBeVisible();

  await page.getByRole("button", { name: "Add a webhook" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Address").fill(`http://127.0.0.1:${String(port)}/hidden`);
  await dialog.getByRole("button", { name: "Add it" }).click();
  await expect(page.getByText("Without https anybody on the way")).toBeVisible();
  await dialog.getByLabel(/It may be on this machine/).check();
  await dialog.getByRole("button", { name: "Add it" }).click();
  expect(await dialog.getByLabel("secret", { exact: true }).inputValue()).toMatch(/^[A-Za-z0-9_-]{43}$/);
  await dialog.getByRole("button", { name: "Done" }).click();
  const hook = page.getByRole("region", { name: /^Webhook wh-/ });
  await expect(hook).toContainText(`http://127.0.0.1:${String(port)}/…`);
  await expect(hook).not.toContainText("hidden");

  await hook.getByRole("button", { name: /^Send a test/ }).click();
  await expect(page.getByText("It answered 500.")).toBeVisible();
  status = 200;
  await hook.getByRole("button", { name: /^Send a test/ }).click();
  await expect(page.getByText("It answered 200")).toBeVisible();
  await house.bring("waiting", "Paint the door", asks);
  await expect(hook.getByRole("listitem").filter({ hasText: "Which colour?" })).toContainText("delivered");
  expect(heard).toEqual(["POST ping", "POST ping", "POST attention"]);

  await hook.getByRole("button", { name: /^Remove/ }).click();
  await page.getByRole("button", { name: "Remove it" }).click();
  await expect(hook).toHaveCount(0);
  receiver.close();
});
