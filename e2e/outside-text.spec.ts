import type { Page } from "@playwright/test";
import { expect, test } from "@playwright/test";
import { openStory } from "./fixtures/story.ts";

const least = 1000;

test("[U112] a thousand payloads through every field that shows outside text run nothing and break no policy", async ({
  page,
}) => {
  await using story = await openStory("--hostile");
  const ran: string[] = [];
  const broken: string[] = [];
  await page.exposeFunction("__pwn", (id: unknown) => ran.push(String(id)));
  await page.exposeFunction("__broken", (what: string) => broken.push(what));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) =>
      (window as unknown as { __broken(what: string): void }).__broken(
        `${violatedDirective} ${blockedURI} ${sample}`,
      ),
    );
  });
  page.on("dialog", (dialog) => {
    ran.push(dialog.message());
    void dialog.dismiss();
  });
  const asked: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(story.url) && !request.url().startsWith("data:")) asked.push(request.url());
  });

  const shown = new Set<string>();
  async function look() {
    // Asked again from outside: the policy lets nothing be evaluated by a text inside of the page.
    await expect.poll(() => page.evaluate(() => /xss\d+x/.test(document.body.innerText))).toBe(true);
    const text = await page.evaluate(() => document.documentElement.outerHTML);
    for (const [mark] of text.matchAll(/xss\d+x/g)) shown.add(mark);
    const links = await page.$$eval("a[href]", (all) =>
      all.map((each) => (each as HTMLAnchorElement).protocol),
    );
    expect(links.filter((protocol) => !/^https?:$/.test(protocol))).toEqual([]);
  }

  for (const path of ["/questions", "/merges", "/backlog", "/repositories", "/team", "/webhooks", "/"]) {
    await page.goto(story.url + path);
    await look();
  }
  const sessions = await page
    .getByTestId("session-card")
    .locator("a[href^='/sessions/']")
    .evaluateAll((all) => [...new Set(all.map((each) => each.getAttribute("href") ?? ""))]);
  for (const href of sessions.slice(0, 4)) {
    await page.goto(story.url + href);
    for (const tab of ["Output", "Diff", "Review", "Questions", "Timeline", "Transcript"]) {
      await page.getByRole("tab", { name: tab }).click();
      await settled(page);
      await look();
    }
  }
  console.log(`${String(shown.size)} payloads were shown`);
  expect(ran).toEqual([]);
  expect(broken).toEqual([]);
  expect(asked).toEqual([]);
  expect(shown.size).toBeGreaterThanOrEqual(least);
});

/** What was asked for is drawn: no placeholder is left in the panel that is shown. */
async function settled(page: Page): Promise<void> {
  await expect(page.getByRole("tabpanel").getByRole("status", { name: "Loading" })).toHaveCount(0);
}
