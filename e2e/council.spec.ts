import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { enter } from "./fixtures/pages.ts";
import { createRehearsalHouse } from "./fixtures/rehearsal-house.ts";

/** Its reviewer and its author disagree, and its tech lead settles it. */
const disputed = [
  "write: sign.txt\n  Paint it\ncommit: Paint the sign",
  "review: dissent\n  sign.txt: It does not say why.",
  "rework:",
  "edit: sign.txt\n  - Paint it\n  + Paint it, because it fades\ncommit: Say why",
].join("\n");

/** A file that commands of the house wait for while it is there, and the last commit reads so. */
async function createHold(subject: string) {
  const folder = await mkdtemp(join(tmpdir(), "amplify-hold-"));
  const file = join(folder, "hold");
  return {
    command: `while [ -e ${file} ] && git log -1 --format=%s | grep -q "${subject}"; do sleep 0.1; done`,
    hold: () => writeFile(file, ""),
    release: () => rm(file),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

const tab = (page: Page, name: string) => page.getByRole("tab", { name: new RegExp(`^${name}`) }).click();
const status = (page: Page) => page.getByTestId("session-status").first();

test("[U205] a council is followed while it sits, its debate stands on the diff, and a comment leads to rework and a comparison", async ({
  page,
}) => {
  // What the tech lead changes is validated once more, and that lasts until it is let go.
  await using gate = await createHold("Say why");
  await gate.hold();
  await using house = await createRehearsalHouse({ config: { validate: [gate.command] } });
  const item = await house.createItem("Paint the sign", disputed);
  const origin = await enter(page, house);
  expect((await house.amplify("session", "dispatch", item)).exit).toBe(0);
  const { id } = await house.reach(item, "reviewing");
  await page.goto(`${origin}/sessions/${id}?tab=review`);
  const sitting = page.getByRole("region", { name: "Council in session" });
  await expect(sitting.getByText("Tech lead", { exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(sitting.getByText("It does not say why.").first()).toBeVisible();
  const limit = (name: string) =>
    sitting.getByRole("term").filter({ hasText: name }).locator("xpath=following-sibling::dd");
  await expect(limit("Rebuttals")).toHaveText("1 of 1");
  await expect(limit("Reworks by itself")).toHaveText("0 of 2");
  await expect(limit("Time")).toHaveText(/^\d+ (?:s|min) of 1 h$/);
  await expect(limit("Cost")).toHaveText(/^\$\d+\.\d\d · no budget of its own$/);
  await sitting.getByRole("button", { name: "Show 1/f-1 in the diff" }).click();
  const finding = page.getByRole("article", { name: "Finding 1/f-1" });
  await expect(finding).toBeFocused();
  await expect(finding).toContainText("disputes");

  // It ends, and what it came to is bound to the fixed change.
  await gate.release();
  await expect(status(page)).toContainText("approved", { timeout: 60_000 });
  await tab(page, "Review");
  const council = page.getByRole("region", { name: "Council of round 1" });
  await expect(council.getByRole("heading", { name: "Approved" })).toBeVisible();
  await expect(council.getByText("by arbitration")).toBeVisible();
  await expect(council).toContainText("Say why");
  await expect(council.getByRole("article")).toHaveCount(5);
  await expect(sitting).toHaveCount(0);

  // A comment on a line goes along with the rework, and the next council says what became of it.
  await council.getByRole("button", { name: "Show 1/f-1 in the diff" }).click();
  await finding.getByRole("button", { name: "1/f-1 in the review" }).click();
  await expect(council.getByText("major")).toBeInViewport();
  await tab(page, "Diff");
  const file = page.getByRole("region", { name: "sign.txt" });
  await file.getByRole("button", { name: "Comment on line 1" }).click();
  await file.getByRole("textbox", { name: "Your comment on line 1" }).fill("And in which colour?");
  await file.getByRole("button", { name: "Comment", exact: true }).click();
  await expect(page.getByRole("article", { name: "Comment c-1" })).toContainText("not sent yet");
  await page.getByRole("button", { name: "Rework", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Send to rework" });
  await expect(dialog).toContainText("the comment on the diff");
  await dialog.getByRole("button", { name: "Send to rework" }).click();
  await tab(page, "Review");
  const next = page.getByRole("region", { name: "Council of round 2" });
  await expect(next.getByRole("heading", { name: "Approved" })).toBeVisible({ timeout: 60_000 });
  await expect(next.getByText("1 resolved")).toBeVisible();
  await next.getByText("1 resolved").click();
  await expect(next).toContainText("And in which colour?");
  await tab(page, "Diff");
  await expect(
    page.getByRole("article", { name: "Comment c-1" }).getByText("sent", { exact: true }),
  ).toBeVisible();
});

test("[U206] a council without a verdict shows what was said all the same, and a person's approval stands on the merge commit", async ({
  page,
}) => {
  await using house = await createRehearsalHouse({ config: { validate: [] } });
  const script = "write: sign.txt\n  Paint it\ncommit: Paint the sign\nreview: no-verdict";
  const session = await house.bring("failed", "Paint the sign", script);
  await enter(page, house);
  await page
    .getByRole("link", { name: /^Inbox/ })
    .first()
    .click();
  const entry = page.getByRole("main").getByRole("link", { name: /No verdict/ });
  await expect(entry).toContainText("Decide");
  await entry.click();
  const council = page.getByRole("region", { name: "Council of round 1" });
  await expect(council.getByRole("heading", { name: "No verdict" })).toBeVisible();
  await expect(council).toContainText("Now a person decides.");
  const lost = council.getByRole("region", { name: "Presentation and examination, did not count" });
  await expect(lost).toHaveCount(2);
  await expect(lost.last().getByText("The change does what the item asks for")).toBeVisible();

  await page.getByRole("button", { name: "Approve anyway" }).click();
  const dialog = page.getByRole("dialog", { name: "Approve against the council" });
  await dialog.getByLabel("Reason").fill("I read it myself");
  await dialog.getByRole("button", { name: "Approve it" }).click();
  await expect(status(page)).toContainText("approved");
  await expect(page.getByRole("region", { name: "A person's decision" })).toContainText("I read it myself");
  await expect(council).not.toContainText("Now a person decides.");
  await page.getByRole("button", { name: `Merge ${session.item.id}` }).click();
  await expect(status(page)).toContainText("merged", { timeout: 60_000 });
  const message = await house.repository.git("log", "--merges", "-1", "--format=%B", "main");
  expect(message).toMatch(/^Overruled-by: .+: I read it myself$/m);
});

test("[U207] a person overrules the change that the dialog was opened on, and not what it has become meanwhile", async ({
  page,
}) => {
  await using house = await createRehearsalHouse({ config: { validate: [], limits: { reworkRounds: 0 } } });
  const item = await house.createItem("Paint the sign", "write: sign.txt\n  Paint it\nreview: changes");
  expect((await house.amplify("session", "dispatch", item)).exit).toBe(0);
  const rejected = await house.until("it is rejected", async () => {
    const view = await house.session(item);
    return view.status === "rejected" ? view : null;
  });
  const origin = await enter(page, house);
  await page.goto(`${origin}/sessions/${rejected.id}?tab=review`);
  await page.getByRole("button", { name: "Approve anyway" }).click();
  const dialog = page.getByRole("dialog", { name: "Approve against the council" });
  await dialog.getByLabel("Reason").fill("It will do");
  const send = dialog.getByRole("button", { name: "Approve it" });
  await expect(send).toBeEnabled();

  await (await house.client()).command("session:rework", { session: rejected.id, note: "Try again" });
  await expect(dialog.getByRole("alert")).toContainText("has moved since you opened this", {
    timeout: 60_000,
  });
  await expect(send).toBeDisabled();
  await dialog.getByLabel("Reason").press("Control+Enter");
  await house.until("it is rejected again", async () => {
    const { status: now, round } = await house.session(item);
    return now === "rejected" && round === 1 ? true : null;
  });
  expect((await house.session(item)).overruled).toBeNull();

  // Looked at again, it is decided on what is there now.
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Approve anyway" }).click();
  await dialog.getByLabel("Reason").fill("It will do");
  await send.click();
  await expect(status(page)).toContainText("approved");
  const { head, overruled } = await house.session(item);
  expect(overruled).toMatchObject({ head, reason: "It will do" });
});

test("[U208] an approval that a landing puts out of date says so, and is confirmed by a look at what changed", async ({
  page,
}) => {
  await using gate = await createHold("");
  const lines = Array.from({ length: 20 }, (_, index) => `line ${String(index + 1)}\n`).join("");
  await using house = await createRehearsalHouse({
    config: { validate: [gate.command], gate: [] },
    files: { "list.txt": lines },
  });
  const edit = (from: string, to: string) => `edit: list.txt\n  - ${from}\n  + ${to}\ncommit: Change ${from}`;
  const [first, last] = await Promise.all([
    house.bring("approved", "Change the first line", edit("line 1", "line one")),
    house.bring("approved", "Change the last line", edit("line 20", "line twenty")),
  ]);
  const origin = await enter(page, house);
  await page.goto(`${origin}/sessions/${last.id}?tab=review`);
  await expect(status(page)).toContainText("approved");
  await gate.hold();
  expect((await house.amplify("session", "merge", first.id)).exit).toBe(0);
  await expect(status(page)).toContainText("approved, checking again", { timeout: 60_000 });
  await expect(page.getByRole("button", { name: `Merge ${last.item.id}` })).toHaveCount(0);

  await gate.release();
  await expect(status(page)).toHaveText("approved", { timeout: 60_000 });
  await expect(page.getByText("by recheck", { exact: true })).toBeVisible();
  await expect(page.getByText("A look at what the moved base changed")).toBeVisible();
  await expect(page.getByText("an earlier change")).toBeVisible();
  await page.getByRole("button", { name: `Merge ${last.item.id}` }).click();
  await expect(status(page)).toContainText("merged", { timeout: 60_000 });
  expect(await house.repository.git("show", "main:list.txt")).toMatch(/^line one\n[^]*line twenty\n?$/);
});
