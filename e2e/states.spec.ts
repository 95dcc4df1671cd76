import { expect, type Page, test } from "@playwright/test";
import { sessionOf } from "./fakes/dashboard/sessions.ts";
import { openStory } from "./fixtures/story.ts";

const session = `/sessions/${sessionOf("bd-auth.2").id}`;
const tabs = ["transcript", "output", "diff", "review", "questions", "timeline"];
const pages = [
  "/",
  "/questions",
  "/merges",
  "/backlog",
  "/backlog?item=bd-search.3",
  "/backlog?new",
  "/repositories",
  "/activity",
  "/archives",
  "/team",
  "/audit",
  ...tabs.map((tab) => `${session}?tab=${tab}`),
];

const loading = (page: Page) => page.getByRole("status", { name: /^Loading/ }).filter({ visible: true });
const live = (page: Page) =>
  page.getByRole("status").filter({ hasText: "Live" }).waitFor({ state: "attached" });

/** What every page owes in every state: no shape that is waited for in vain, no script error, and it fits its window. */
async function look(page: Page, url: string, paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  let here = "";
  page.on("pageerror", (error) => found.push(`${here}: ${error.message}`));
  for (const path of paths) {
    here = path;
    await page.goto(url + path);
    await live(page);
    await expect(loading(page), path).toHaveCount(0);
    const { scrollWidth, innerWidth } = await page.evaluate(() => ({
      scrollWidth: document.documentElement.scrollWidth,
      innerWidth: window.innerWidth,
    }));
    if (scrollWidth > innerWidth) found.push(`${path}: ${String(scrollWidth)} px wide`);
    found.push(...(await page.evaluate(sideways)).map((what) => `${path}: moves sideways: ${what}`));
  }
  return found;
}

/** What is to scroll up and down only, and yet holds more than fits its width. */
function sideways(): string[] {
  return [...document.querySelectorAll(".overflow-y-auto:not(.overflow-x-auto)")]
    .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1)
    .map(({ outerHTML }) => outerHTML.slice(0, 160));
}

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

for (const story of [[], ["--empty"], ["--long"], ["--lane"]] as const) {
  test(`[U244] every page fits a phone and has something to say: ${story[0] ?? "the full story"}`, async ({
    browser,
  }) => {
    await using served = await openStory(...story);
    const context = await browser.newContext(phone);
    const page = await context.newPage();
    const paths = story[0] === "--empty" ? pages.filter((path) => !/session|item=/.test(path)) : pages;
    expect(await look(page, served.url, paths)).toEqual([]);
    await context.close();
  });
}

test("[U245] where every read is refused each page says so, with what to do, and waits for nothing", async ({
  page,
}) => {
  await using served = await openStory("--broken");
  expect(await look(page, served.url, pages)).toEqual([]);
  for (const path of ["/activity", "/archives", "/team", "/audit", `${session}?tab=review`]) {
    await page.goto(served.url + path);
    await expect(page.getByText("The database is locked.").first(), path).toBeVisible();
    await expect(page.getByText("Close what else has it open.").first(), path).toBeVisible();
  }
});

test("[U246] a server that cannot say how things stand is asked again, and the page says so meanwhile", async ({
  page,
}) => {
  await using served = await openStory("--refusing");
  await page.goto(served.url);
  await expect(page.getByText("Nothing can be shown yet")).toBeVisible();
  await expect(page.getByRole("main").getByText("The database is locked.")).toBeVisible();
  await expect(loading(page)).toHaveCount(0);
  await expect(page.getByTestId("session-card").first()).toBeVisible();
  await expect(page.getByText("Nothing can be shown yet")).toHaveCount(0);
});

test("[U247] while a slow server is waited for every page shows the shape of what comes", async ({
  page,
}) => {
  await using served = await openStory("--slow");
  for (const path of ["/", "/questions", "/backlog", session]) {
    await page.goto(served.url + path);
    await expect(loading(page).first(), path).toBeVisible();
    await live(page);
    await expect(loading(page), path).toHaveCount(0);
  }
});
