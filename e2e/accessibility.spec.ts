import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { expect, test } from "@playwright/test";
import type { AxeResults } from "axe-core";
import { sessionOf } from "./fakes/dashboard/sessions.ts";
import { openStory } from "./fixtures/story.ts";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const pages = [
  "/",
  "/questions",
  "/merges",
  "/backlog",
  "/repositories",
  "/activity",
  "/archives",
  "/team",
  "/audit",
  "/webhooks",
  "/login",
  // A council that sits, and one that was held.
  `/sessions/${sessionOf("bd-schema.3").id}?tab=review`,
  `/sessions/${sessionOf("bd-auth.2").id}?tab=review`,
];
const looks = [
  { colorScheme: "dark", viewport: { width: 1280, height: 800 } },
  { colorScheme: "light", viewport: { width: 390, height: 844 } },
] as const;

for (const look of looks) {
  test(`[U111] no page has a serious obstacle: ${look.colorScheme}, ${String(look.viewport.width)} px`, async ({
    browser,
  }) => {
    await using story = await openStory();
    // The script comes from here, past the pages' own policy.
    const context = await browser.newContext({ ...look, bypassCSP: true });
    const page = await context.newPage();
    const source = await readFile(axe, "utf8");
    const found: string[] = [];
    async function examine(path: string) {
      await page.evaluate(source);
      const { violations } = await page.evaluate(() =>
        (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
      );
      for (const { id, impact, nodes } of violations)
        if (impact === "serious" || impact === "critical")
          found.push(...nodes.map(({ html }) => `${path}: ${id}: ${html.slice(0, 160)}`));
    }
    for (const path of pages) {
      await page.goto(story.url + path);
      if (path !== "/login")
        await page.getByRole("status").filter({ hasText: "Live" }).waitFor({ state: "attached" });
      await page.getByRole("main").locator("h1, [data-testid], section").first().waitFor();
      await expect(page.getByRole("status", { name: "Loading" })).toHaveCount(0);
      await examine(path);
    }
    await page.goto(story.url);
    const session = page.locator('a[href^="/sessions/"]').first();
    await session.waitFor({ state: "attached" });
    await page.goto(story.url + ((await session.getAttribute("href")) ?? ""));
    await page.getByRole("tab", { name: /Transcript/ }).waitFor();
    for (const tab of await page.getByRole("tab").all()) {
      await tab.click();
      await examine(`session, ${await tab.innerText()}`);
    }
    await context.close();
    expect(found).toEqual([]);
  });
}
