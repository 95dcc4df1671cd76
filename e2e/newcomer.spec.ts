import { expect, type Page, test } from "@playwright/test";
import { createRehearsalHouse } from "./fixtures/rehearsal-house.ts";

const script = (lines: string) => `\`\`\`rehearsal\n${lines}\n\`\`\``;

/** Two parts, of which the second takes several; what is chosen lands in the file. */
const asking = script(
  [
    "ask: Colour | Which colour?",
    "  - red",
    "  - blue",
    "  ? Rooms | Which rooms?",
    "  * hall",
    "  * kitchen",
    "write: paint.txt",
    "  {answer 1}, {answer 2}",
    "commit: Paint it",
  ].join("\n"),
);

const looks = [
  { name: "at a desk", viewport: { width: 1280, height: 800 } },
  { name: "on a phone", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
] as const;

for (const { name, ...look } of looks) {
  test(`[U248] somebody new goes from an empty page to landed work without Beads, an agent or a terminal: ${name}`, async ({
    browser,
  }) => {
    await using house = await createRehearsalHouse({ registered: false, config: { validate: [] } });
    const { url } = await house.json<{ url: string }>("open");
    const context = await browser.newContext(look);
    const page = await context.newPage();
    await page.goto(url);

    // First steps: the repository.
    await expect(page.getByRole("heading", { name: "Begin with a repository" })).toBeVisible({
      timeout: 120_000,
    });
    await page.getByPlaceholder("/path/to/repository").fill(house.repository.path);
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Begin with a repository" })).toHaveCount(0);

    // Two items, the second blocked by the first; an edit.
    await go(page, "Backlog");
    await page.getByRole("button", { name: "Write the first item" }).click();
    await write(page, { title: "Paint the house", description: asking });
    await page.getByRole("button", { name: "New item" }).click();
    await write(page, { title: "Hang the pictures", blockedBy: "Paint the house" });
    await expect(page.getByText("Hang the pictures")).toBeVisible();
    await page.getByRole("button", { name: "Paint the house" }).click();
    const panel = page.getByRole("complementary", { name: /^Item / });
    await panel.getByRole("button", { name: "Edit" }).click();
    const edit = page.getByRole("dialog");
    await edit.getByLabel("Title").fill("Paint the whole house");
    await edit.getByRole("button", { name: "Save" }).click();
    await expect(panel.getByRole("heading", { name: "Paint the whole house" })).toBeVisible();

    // Dispatched; its question has two parts, one answered in own words.
    await panel.getByRole("button", { name: /^Dispatch / }).click();
    await panel.getByRole("link", { name: /default/ }).click();
    await page.getByRole("tab", { name: /^Questions/ }).click();
    const form = page.getByTestId("question-form");
    await expect(form).toBeVisible({ timeout: 60_000 });
    await form.getByPlaceholder("Or in your own words").first().fill("green");
    await form.getByText("hall").click();
    await form.getByText("kitchen").click();
    await form.getByRole("button", { name: "Send answer" }).click();

    // Approved, and lands by one click; what waited for it is ready.
    const merge = page.getByTestId("merge-button");
    await expect(merge).toBeVisible({ timeout: 90_000 });
    await merge.click();
    await expect(page.getByTestId("session-status").first()).toContainText("merged", { timeout: 60_000 });
    expect(await house.repository.git("show", "HEAD:paint.txt")).toContain("green, hall, kitchen");
    await go(page, "Backlog");
    await expect(page.getByRole("button", { name: /^Dispatch / })).toBeVisible({ timeout: 60_000 });
    await context.close();
  });
}

async function go(page: Page, place: string): Promise<void> {
  await page
    .getByRole("link", { name: new RegExp(`^${place}`) })
    .filter({ visible: true })
    .first()
    .click();
}

async function write(
  page: Page,
  item: { title: string; description?: string; blockedBy?: string },
): Promise<void> {
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Title").fill(item.title);
  if (item.description !== undefined) await dialog.getByLabel("Description").fill(item.description);
  if (item.blockedBy !== undefined) {
    await dialog.getByRole("combobox", { name: "Blocked by" }).fill(item.blockedBy);
    await page.getByRole("option", { name: new RegExp(item.blockedBy) }).click();
  }
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(dialog).toHaveCount(0);
  // It stands beside the list, or on a phone over it.
  await expect(page.getByRole("heading", { name: item.title })).toBeVisible();
  await page.getByRole("button", { name: "Close the panel" }).click();
}
