import type { Page } from "@playwright/test";
import { expect, test } from "@playwright/test";
import type { CommandName } from "#lib/contract/wire.ts";
import { refusedTo } from "#server/team/can.ts";
import { sessionOf } from "./fakes/dashboard/sessions.ts";
import { actorNamed } from "./fixtures/actor.ts";
import { openStory } from "./fixtures/story.ts";

/** Where a command stands on the pages. */
interface Place {
  readonly path: string;
  /** What has to be opened first. */
  readonly open?: (page: Page) => Promise<void>;
  /** The beginning of its button's name, as a pattern. */
  readonly button?: string;
  /** Or the beginning of the sentence that stands in its place where it is refused. */
  readonly sentence?: RegExp;
  /** Whose right it asks for by the story's policy, where that is not its own. */
  readonly by?: CommandName;
  /** In the story of the merge lane. */
  readonly inLane?: true;
}

const tab = (name: string) => (page: Page) => page.getByRole("tab", { name }).click();
const press = (name: string | RegExp) => (page: Page) => page.getByRole("button", { name }).first().click();
const session = (item: string) => `/sessions/${sessionOf(item).id}`;
const standing = { path: "/questions", open: press("Standing answers") };
const item = "/backlog?item=bd-search.3";

/**
 * Every command of the contract, and where a person meets it. A new one does not pass the compiler until it is said here
 * where that is, or why it is nowhere.
 */
const places: Readonly<Record<CommandName, Place | string>> = {
  "repository:add": { path: "/repositories", sentence: /^Agents work in repositories/ },
  "repository:remove": { path: "/repositories", button: "Remove" },
  "repository:acknowledge": { path: "/", button: "I have looked", inLane: true },
  "session:dispatch": { path: "/", button: "Dispatch bd-" },
  "session:dispatch-ready": { path: "/", button: "Dispatch all ready items" },
  "session:stop": { path: session("bd-auth.3"), button: "Stop" },
  "session:message": { path: session("bd-auth.3"), button: "Message" },
  "session:resume": { path: session("bd-ui.3"), button: "Resume" },
  "session:resume-interrupted": { path: "/", button: "Resume it" },
  "session:rework": { path: session("bd-auth.2"), button: "Rework" },
  "session:overrule": { path: session("bd-auth.2"), button: "Reject", by: "merge:start" },
  "session:send-back": { path: "/merges", button: "Send it back", inLane: true },
  "session:cleanup": "the command line has it",
  "comment:add": { path: session("bd-auth.2"), open: tab("Diff"), sentence: /^Commenting on lines/ },
  "comment:remove": "it stands beside a comment that was not sent, and the story has none",
  "question:answer": { path: "/questions", sentence: /^This needs/ },
  "question:answer-alike": "it is part of answering",
  "answers:add": { ...standing, button: "Edit" },
  "answers:remove": { ...standing, button: "Revoke" },
  "webhook:add": { path: "/webhooks", sentence: /^This needs/ },
  "webhook:remove": "it stands beside a webhook, and owners alone are told of those",
  "webhook:test": "it stands beside a webhook, and owners alone are told of those",
  "merge:start": { path: "/merges", sentence: /^(?:This needs|You may not land)/ },
  "merge:cancel": { path: "/merges", button: "Cancel the landing", inLane: true },
  "merge:revert": { path: "/merges", button: "Revert" },
  "loop:start": { path: "/", button: "Work through the backlog" },
  "loop:stop": { path: "/", open: press(/^Working through/), button: "Stop the loop" },
  "item:create": { path: "/backlog", button: "New item" },
  "item:edit": { path: item, button: "Edit" },
  "item:close": { path: item, button: "Close(?!d| the panel)" },
  "item:reopen": { path: "/backlog?item=bd-ui.1", button: "Reopen" },
  "item:release": { path: "/backlog?item=bd-ops.3", button: "Release" },
  "item:depend": { path: item, button: "Add what it waits for" },
  "archive:restore": { path: "/archives", button: "Restore" },
  "archive:remove": { path: "/archives", button: "Remove" },
  "team:link": { path: "/team", button: "Another device" },
  "team:invite": { path: "/team", button: "Invite" },
  "team:withdraw": "it stands beside an invitation, and owners alone are told of those",
  "team:revoke": { path: "/team", sentence: /^Roles, rights and revoking/ },
  "team:role": { path: "/team", sentence: /^Roles, rights and revoking/ },
  "team:grant": { path: "/team", sentence: /^Roles, rights and revoking/ },
  "team:sign-out": "everybody may sign themselves out, and owners alone are told of the browsers of others",
  "token:create": { path: "/team", button: "New token" },
  "token:revoke": "it stands beside a token, and owners alone are told of those",
  "owner:reset": "the command line has it",
  "queue:resume": "it stands in the alert of a limit, and the story has none",
  "backup:create": "the command line has it",
  "storage:prune": "the command line has it",
};

for (const role of ["viewer", "operator"] as const) {
  test(`[U117] whatever ${role === "viewer" ? "a viewer" : "an operator"} may not do stands there as such, with the reason`, async ({
    page,
  }) => {
    const refused = refusedTo(actorNamed("mara", role));
    const shown = Object.entries(places).flatMap(([command, place]) =>
      typeof place === "string" ? [] : [{ command, ...place, why: refused[place.by ?? command] ?? null }],
    );
    expect(shown.filter(({ why }) => why !== null).length).toBeGreaterThan(5);
    for (const inLane of [false, true]) {
      await using story = await openStory("--role", role, ...(inLane ? ["--lane"] : []));
      const here = shown.filter((each) => (each.inLane ?? false) === inLane);
      // Places of one page are looked at together.
      for (const path of new Set(here.map((each) => each.path))) {
        const ways = new Set(here.filter((each) => each.path === path).map(({ open }) => open));
        for (const open of ways) {
          await page.goto(story.url + path);
          await open?.(page);
          for (const each of here.filter((other) => other.path === path && other.open === open))
            await look(page, each);
        }
      }
    }
  });
}

async function look(page: Page, place: Place & { command: string; why: string | null }): Promise<void> {
  const { command, button, sentence, why } = place;
  if (sentence) {
    const said = page.getByText(sentence).filter({ visible: true });
    if (why === null) await expect(said, command).toHaveCount(0);
    else {
      await expect(said.first(), command).toBeVisible();
      await expect(said.first(), command).toContainText(why);
    }
    return;
  }
  const control = page
    .getByRole("button", { name: new RegExp(`^\\s*${button ?? ""}`) })
    .filter({ visible: true })
    .first();
  await expect(control, command).toBeVisible();
  if (why === null) {
    await expect(control, command).not.toHaveAttribute("aria-disabled", "true");
    return;
  }
  await expect(control, command).toHaveAttribute("aria-disabled", "true");
  await expect(control, command).toHaveAccessibleName(
    new RegExp(`\\(${why.replaceAll(/[.*+?()[\]]/g, "\\$&")}\\)`),
  );
}

test("[U117] the palette says it too, and a locked row tells its reason in the place of doing anything", async ({
  page,
}) => {
  await using story = await openStory("--role", "viewer");
  await page.goto(story.url);
  await page.getByRole("status").filter({ hasText: "Live" }).waitFor({ state: "attached" });
  await page.keyboard.press("Control+k");
  const dialog = page.getByRole("dialog");
  for (const words of ["New item", "Work through the backlog", "Merge all approved", "Dispatch"]) {
    const row = dialog.getByRole("option", { name: new RegExp(`^${words}`) }).first();
    await expect(row).toContainText("This needs the role operator");
  }
  await dialog.getByRole("option", { name: /^New item/ }).click();
  await expect(page.getByText("This needs the role operator, and you are viewer.").last()).toBeVisible();
  await expect(page).toHaveURL(`${story.url}/`);
});

test("[W37] on a line that can be listened to every page says so for good, and owners read why they do not act there", async ({
  page,
}) => {
  await using story = await openStory("--insecure");
  for (const path of ["/", "/questions", "/merges", "/backlog", "/team", session("bd-auth.2")]) {
    await page.goto(story.url + path);
    const banner = page.getByRole("note").filter({ hasText: "This line can be listened to." });
    await expect(banner, path).toBeVisible();
    await expect(banner.getByRole("button"), path).toHaveCount(0);
  }
  await page.goto(`${story.url}/team`);
  const invite = page.getByRole("button", { name: /^\s*Invite/ }).first();
  await expect(invite).toHaveAttribute("aria-disabled", "true");
  await expect(invite).toHaveAccessibleName(/This line can be listened to/);
});
