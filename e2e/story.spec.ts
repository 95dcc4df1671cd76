import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { goodDay } from "./fakes/messages-api/story.ts";
import { createRealHouse } from "./fixtures/real-house.ts";
import { findTool } from "./fixtures/tools.ts";

const claude = findTool("claude-latest");
const bd = findTool("bd-sqlite");

/** What a page must never do, whatever is on it. */
function watchOver(page: Page): string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(`threw ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`said ${message.text()}`);
  });
  page.on("request", (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol.startsWith("http") && hostname !== "127.0.0.1")
      complaints.push(`asked for ${request.url()}`);
  });
  return complaints;
}

test.describe("the story in the browser", () => {
  test.skip(!claude || !bd, "the real agent CLI and the real bd are needed");

  test("[E20] one bead goes from ready to merged without a reload", async ({ page }) => {
    await using house = await createRealHouse({ story: goodDay, bd: bd!, claude: claude!, era: "sqlite" });
    const first = await house.createItem({ title: "Paint the banner" });
    const second = await house.createItem({ title: "Hang the banner", blockedBy: [first] });
    expect((await house.amplify("repo", "add")).exit).toBe(0);
    const complaints = watchOver(page);

    // Without the link nobody gets in; the link works once.
    const { url } = await house.json<{ url: string }>("open");
    await page.goto(new URL("/", url).href);
    await expect(page).toHaveURL(/\/login/);
    await page.goto(url);
    await expect(page).toHaveURL(/\/$/, { timeout: 120_000 });
    expect(await page.evaluate(() => document.cookie)).toBe("");

    // The board: one item ready, one blocked. One click dispatches.
    const column = (name: string) => page.getByRole("region", { name: new RegExp(`^${name}`) });
    await expect(column("Blocked").getByText("Hang the banner")).toBeVisible();
    await column("Ready")
      .getByRole("button", { name: `Dispatch ${first}` })
      .click();
    await expect(page.getByTestId("session-card").filter({ hasText: "Paint the banner" })).toBeVisible();

    // The agent asks; the person answers in the form.
    await expect(column("Needs you").getByText("Paint the banner")).toBeVisible({ timeout: 90_000 });
    await column("Needs you").getByText("Paint the banner").click();
    await expect(page).toHaveURL(/\/sessions\//);
    await page.getByRole("tab", { name: /Questions/ }).click();
    const form = page.getByTestId("question-form");
    await expect(form).toContainText("Which colour");
    await form.getByText("Blue").click();
    await form.getByRole("button", { name: "Send answer" }).click();

    // Its work goes on, live; then its council approves.
    await page.getByRole("tab", { name: "Transcript" }).click();
    await expect(page.getByText("Do the work").or(page.getByText("notes/")).first()).toBeVisible({
      timeout: 60_000,
    });
    await expect(page.getByTestId("session-status").first()).toContainText(/approved|ready to merge/i, {
      timeout: 90_000,
    });
    await page.getByRole("tab", { name: "Review" }).click();
    await expect(page.getByText("It does what the item asks for.").first()).toBeVisible();
    await page.getByRole("tab", { name: "Diff" }).click();
    await expect(page.getByText(`${first}.md`).first()).toBeVisible();
    await page.getByRole("tab", { name: "Output" }).click();
    await expect(page.getByText("REVIEW_VERDICT: APPROVED")).toBeVisible();

    // One click lands it, and the next item is ready.
    await page.goto(new URL("/", url).href);
    await column("Ready to merge")
      .getByRole("button", { name: `Merge ${first}` })
      .click();
    await expect(column("Done").getByText("Paint the banner")).toBeVisible({ timeout: 60_000 });
    await expect(column("Ready").getByRole("button", { name: `Dispatch ${second}` })).toBeVisible({
      timeout: 60_000,
    });

    expect(await house.repository.git("log", "--merges", "-1", "--format=%s")).toMatch(
      new RegExp(`^Merge ${first}: `),
    );
    expect(await readFile(join(house.repository.path, "notes", `${first}.md`), "utf8")).toContain("Blue");
    expect(await house.item(first)).toMatchObject({ status: "closed", close_reason: "Merged to main" });
    expect(await house.repository.git("worktree", "list")).not.toContain(first);
    expect(complaints).toEqual([]);

    // The link is used up.
    const stranger = await page.context().browser()!.newContext();
    const other = await stranger.newPage();
    await other.goto(url);
    await expect(other.getByText(/used|expired|not valid|no longer/i).first()).toBeVisible();
    await stranger.close();
  });
});
