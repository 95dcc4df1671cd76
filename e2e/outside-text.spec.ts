import type { Page } from "@playwright/test";
import { expect, test } from "@playwright/test";
import { attemptCount, payloads } from "./fakes/dashboard/hostile.ts";
import { sessionOf } from "./fakes/dashboard/sessions.ts";
import { openStory } from "./fixtures/story.ts";

const least = 1000;
const session = (item: string) => `/sessions/${sessionOf(item).id}`;
const tab = (name: string) => (page: Page) => page.getByRole("tab", { name }).click();
const press = (name: string | RegExp) => (page: Page) => page.getByRole("button", { name }).first().click();

/** A place that shows outside text, what has to be opened there first, and the fields that it shows. */
type Place = readonly [path: string, fields: string, open?: (page: Page) => Promise<unknown>];

const places: readonly Place[] = [
  ["/questions", "context text label description"],
  ["/questions", "said files uncommitted", (page) => page.getByText("What was going on").first().click()],
  ["/questions", "text", press("Standing answers")],
  ["/merges", "title message"],
  ["/merges", "title", press(/^Revert/)],
  ["/backlog", "title labels"],
  ["/backlog?item=bd-search.3", "description"],
  ["/backlog", "labels", press("New item")],
  ["/repositories", "name root"],
  ["/team", "name by"],
  ["/team", "name", press(/^Invite/)],
  ["/webhooks", "target text problem"],
  ["/activity", "text"],
  ["/audit", "actor target detail"],
  ["/archives", "title branches why"],
  ["/", "title summary"],
  ["/", "title", (page) => page.keyboard.press("Control+k")],
  ["/", "pushed.title", press(/^Dispatch bd-/)],
  [session("bd-auth.3"), "log", tab("Output")],
  [
    session("bd-auth.3"),
    "agent.thinking agent.file_path agent.old_string agent.command agent.text",
    unfolded,
  ],
  [session("bd-schema.3"), "agent.text agent.prompt agent.content", unfolded],
  [session("bd-auth.2"), "diff", tab("Diff")],
  [session("bd-auth.2"), "claim evidence file summary reason", tab("Review")],
  [session("bd-auth.2"), "summary text", tab("Timeline")],
  [session("bd-auth.2"), "title", press("Rework")],
  [session("bd-auth.5"), "context label", tab("Questions")],
  [session("bd-ui.9"), "pushed.conflicts", press(/^Merge/)],
  [session("bd-ops.1"), "text detail remedy"],
  [session("bd-mail.1"), "reason", tab("Review")],
  [`/login#${"a".repeat(43)}`, "message fix"],
];

test("[U112] a thousand payloads through every field that shows outside text run nothing and break no policy", async ({
  page,
}) => {
  await using story = await openStory("--hostile");
  // Tall enough that long lists draw many of their rows.
  await page.setViewportSize({ width: 1280, height: 6000 });
  const ran: string[] = [];
  const broken: string[] = [];
  await page.exposeFunction("__pwn", (id: unknown) => ran.push(String(id)));
  await page.exposeFunction("__broken", (what: string) => broken.push(what));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) =>
      (window as unknown as { __broken(what: string): void }).__broken(
        `${location.pathname}: ${violatedDirective} ${blockedURI} ${sample}`,
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

  /** The numbers of the payloads that each field has shown. */
  const shown = new Map<string, Set<number>>();
  for (const [path, fields, open] of places) {
    await page.goto(story.url + path);
    await open?.(page);
    // Asked again from outside: the policy lets nothing be evaluated by a text inside of the page.
    await expect
      .poll(async () => without(fields, await page.evaluate(marks)), { message: `${path} shows ${fields}` })
      .toEqual([]);
    for (const mark of await page.evaluate(marks)) {
      const [, field = "", number = ""] = mark.split("-");
      shown.set(field, (shown.get(field) ?? new Set()).add(Number.parseInt(number, 10)));
    }
    const links = await page.$$eval("a[href]", (all) =>
      all.map((each) => (each as HTMLAnchorElement).protocol),
    );
    expect(links.filter((protocol) => !/^https?:$/.test(protocol))).toEqual([]);
  }
  const of = (...fields: string[]) => fields.flatMap((field) => [...(shown.get(field) ?? [])]);
  const different = (numbers: number[]) => new Set(numbers.map((number) => payloads[number])).size;
  for (const field of new Set(places.flatMap(([, fields]) => fields.split(" "))))
    expect([field, new Set(of(field).map((number) => number % attemptCount)).size]).toEqual([
      field,
      attemptCount,
    ]);
  const markdown = ["context", "description", "said", "claim", "evidence", "reason", "agent.text"];
  const counts = {
    plain: different(of("title")),
    log: different(of("log")),
    markdown: different(of(...markdown)),
  };
  console.log(`${String(shown.size)} fields have shown payloads: ${JSON.stringify(counts)}`);
  for (const count of Object.values(counts)) expect(count).toBeGreaterThanOrEqual(least);
  expect(ran).toEqual([]);
  expect(broken).toEqual([]);
  expect(asked).toEqual([]);
});

/** The transcript from its beginning, with all that can be opened there. */
async function unfolded(page: Page): Promise<void> {
  await tab("Transcript")(page);
  const log = page.getByRole("log", { name: "Transcript" });
  await log.getByText("xss-agent").first().waitFor();
  await log.evaluate((element) => (element.scrollTop = 0));
  await log
    .getByText(/I'll start with|I call the/)
    .first()
    .waitFor();
  await log.evaluate((element) => {
    for (const each of element.querySelectorAll<HTMLElement>("button[aria-expanded=false]")) each.click();
  });
}

/** Those of the fields of which no payload is among the marks. */
function without(fields: string, all: readonly string[]): string[] {
  return fields.split(" ").filter((field) => !all.some((mark) => mark.startsWith(`xss-${field}-`)));
}

/** The marks in what the page shows. */
function marks(): string[] {
  return [...new Set(document.body.innerText.match(/xss-[\w.]+-\d+x/g))];
}
