/**
 * Pictures of every page and every tab, to be looked at: `npm run screenshots [-- <folder>] [--only <name>] [--look phone]`.
 * They show the built page in front of the scripted inside of `fakes/dashboard`, dark, light and on a phone. With `--readme`
 * those of the README are made anew, in `docs/screenshots`.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium, type Page } from "@playwright/test";
import { tabWords } from "#components/session/tabs.ts";
import playwright from "../playwright.config.ts";
import { sessionOf } from "./fakes/dashboard/sessions.ts";
import { openStory } from "./fixtures/story.ts";

const looks = {
  dark: { colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  light: { colorScheme: "light", viewport: { width: 1440, height: 900 } },
  phone: { colorScheme: "dark", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
} as const;
type Look = keyof typeof looks;

interface Scene {
  readonly name: string;
  readonly path: string;
  /** Of which story; the full one unless said. */
  readonly story?: "--empty" | "--long" | "--lane" | "--two";
  /** What is opened before the picture is taken. */
  readonly open?: (page: Page) => Promise<void>;
}

const press = (name: string | RegExp) => (page: Page) => page.getByRole("button", { name }).first().click();
const session = (item: string) => `/sessions/${sessionOf(item).id}`;

const scenes: readonly Scene[] = [
  { name: "board", path: "/" },
  { name: "inbox", path: "/questions" },
  { name: "inbox-standing", path: "/questions", open: press("Standing answers") },
  { name: "merges", path: "/merges" },
  { name: "merges-lane", path: "/merges", story: "--lane" },
  { name: "backlog", path: "/backlog" },
  { name: "backlog-item", path: "/backlog?item=bd-search.3" },
  { name: "backlog-dependencies", path: "/backlog", open: press("Dependencies") },
  { name: "backlog-new", path: "/backlog?new" },
  { name: "repositories", path: "/repositories", story: "--two" },
  { name: "repository-remove", path: "/repositories", open: press(/^Remove/) },
  { name: "activity", path: "/activity" },
  { name: "team", path: "/team" },
  { name: "audit", path: "/audit" },
  { name: "archives", path: "/archives" },
  { name: "login", path: "/login" },
  ...tabWords.map(([tab]) => ({ name: `session-${tab}`, path: `${session("bd-auth.2")}?tab=${tab}` })),
  { name: "session-running", path: session("bd-auth.3") },
  { name: "session-asking", path: `${session("bd-pay.2")}?tab=questions` },
  { name: "session-failed", path: session("bd-ops.1") },
  { name: "session-rejected", path: `${session("bd-mail.1")}?tab=review` },
  { name: "session-interrupted", path: session("bd-cache.1") },
  { name: "session-stopped", path: session("bd-ui.3") },
  { name: "session-merged", path: session("bd-auth.1") },
  { name: "session-ways", path: session("bd-ops.1"), open: press("More ways on") },
  {
    name: "session-again",
    path: session("bd-ops.1"),
    async open(page) {
      await press("More ways on")(page);
      await page.getByRole("menuitem", { name: /^Dispatch again/ }).click();
    },
  },
  { name: "session-stop", path: session("bd-auth.3"), open: press("Stop") },
  { name: "palette", path: "/", open: (page) => page.keyboard.press("Control+k") },
  { name: "loop", path: "/", open: press(/^Work(?:ing)? through/) },
  ...["/", "/questions", "/merges", "/backlog", "/repositories", "/activity", "/archives"].map((path) => ({
    name: `empty-${path === "/" ? "board" : path.slice(1)}`,
    path,
    story: "--empty" as const,
  })),
  ...["/", "/backlog", "/questions"].map((path) => ({
    name: `long-${path === "/" ? "board" : path.slice(1)}`,
    path,
    story: "--long" as const,
  })),
];

/** Those of the README, without what only a story holds. */
const pictures = [
  { name: "board", path: "/", look: "dark" },
  { name: "session", path: `${session("bd-auth.2")}?tab=review`, look: "light" },
  { name: "phone", path: "/questions", look: "phone" },
] as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: "string" },
    look: { type: "string" },
    readme: { type: "boolean", default: false },
  },
});
const browser = await chromium.launch(playwright.use?.launchOptions);
try {
  if (values.readme) await drawReadme("docs/screenshots");
  else await drawAll(positionals[0] ?? "test-results/screenshots");
} finally {
  await browser.close();
}

async function drawAll(folder: string): Promise<void> {
  const chosen = scenes.filter(({ name }) => values.only === undefined || name.startsWith(values.only));
  const wanted = (Object.keys(looks) as Look[]).filter((look) => !values.look || look === values.look);
  await mkdir(folder, { recursive: true });
  for (const story of new Set(chosen.map((scene) => scene.story))) {
    await using served = await openStory(...(story ? [story] : []));
    for (const look of wanted) {
      const context = await browser.newContext({ ...looks[look], reducedMotion: "reduce" });
      const page = await context.newPage();
      for (const scene of chosen.filter((each) => each.story === story)) {
        await show(page, served.url, scene);
        await writeFile(join(folder, `${scene.name}-${look}.png`), await page.screenshot());
      }
      await context.close();
    }
  }
}

async function drawReadme(folder: string): Promise<void> {
  await using served = await openStory();
  for (const { name, path, look } of pictures) {
    const context = await browser.newContext({ ...looks[look], reducedMotion: "reduce" });
    const page = await context.newPage();
    await show(page, served.url, { name, path });
    const resume = page.getByTestId("interrupted-banner").getByRole("button");
    if (await resume.isVisible()) await resume.click();
    await page.getByTestId("interrupted-banner").waitFor({ state: "detached" });
    // Nothing is pointed at.
    await page.mouse.move(looks[look].viewport.width / 2, 1);
    const devtools = await context.newCDPSession(page);
    const { data } = await devtools.send("Page.captureScreenshot", {
      format: "webp",
      quality: 80,
      clip: { x: 0, y: 0, ...looks[look].viewport, scale: 2 },
    });
    await writeFile(join(folder, `${name}.webp`), Buffer.from(data, "base64"));
    await context.close();
  }
}

async function show(page: Page, url: string, { path, open }: Scene): Promise<void> {
  await page.goto(url + path);
  if (path !== "/login")
    await page.getByRole("status").filter({ hasText: "Live" }).waitFor({ state: "attached" });
  await open?.(page);
  // Whatever is read after the first snapshot has come when nothing is loading any more.
  await page.waitForFunction(() => document.querySelector('[role="status"][aria-label^="Loading"]') === null);
  await page.evaluate(() => document.fonts.ready);
  await page.waitForLoadState("networkidle");
}
