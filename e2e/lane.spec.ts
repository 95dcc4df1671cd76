import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { createRehearsalHouse, type RehearsalHouse } from "./fixtures/rehearsal-house.ts";

/** Prints lines, waits while `hold` is there, and is red where the merged tree holds what is broken. */
const gateThatHolds = (hold: string) =>
  [
    'for n in 1 2 3; do echo "part $n of the gate"; done',
    `if [ -e ${hold} ]; then echo holding; while [ -e ${hold} ]; do sleep 0.1; done; fi`,
    "test ! -e broken.txt || { echo broken.txt is there; exit 1; }",
  ].join("; ");

const landing = { red: "person", conflict: "person", retries: 0 };

async function enter(page: Page, house: RehearsalHouse): Promise<void> {
  const { url } = await house.json<{ url: string }>("open");
  await page.goto(url);
  await expect(page).toHaveURL(/\/$/, { timeout: 120_000 });
  await page
    .getByRole("link", { name: /^Merges/ })
    .first()
    .click();
  await expect(page.getByRole("heading", { name: "Merge queue" })).toBeVisible();
}

test("[U237] a train shows its plan, its steps and its gate live; a red one stays behind, and a landing is taken back", async ({
  page,
}) => {
  const folder = await mkdtemp(join(tmpdir(), "amplify-hold-"));
  const hold = join(folder, "hold");
  await writeFile(hold, "");
  await using house = await createRehearsalHouse({
    config: { validate: [], gate: [gateThatHolds(hold)], landing },
  });
  const write = (file: string) => `write: ${file}\n  new\ncommit: Add ${file}`;
  const [door, broken, window] = await Promise.all([
    house.bring("approved", "Paint the door", write("door.txt")),
    house.bring("approved", "Break the wall", write("broken.txt")),
    house.bring("approved", "Clean the window", write("window.txt")),
  ]);
  await enter(page, house);

  // Before the click: all three merge cleanly, in an order.
  await expect(page.getByText("3 of 3 would land on main")).toBeVisible();
  const plan = page.getByRole("list", { name: "Would land, in this order" });
  await expect(plan.getByTestId("plan-row")).toHaveCount(3);
  await expect(plan.getByText("merges cleanly")).toHaveCount(3);

  // One click: the first is at its gate, whose output comes as it is printed; the others wait.
  await page.getByRole("button", { name: "Merge all approved (3)" }).click();
  const now = page.getByTestId("landing-now");
  await expect(now).toHaveCount(3);
  await expect(page.getByTestId("gate-output")).toContainText("holding");
  await expect(page.getByTestId("gate-output")).toContainText("part 3 of the gate");
  await expect(now.first().getByRole("listitem").filter({ hasText: "gate" })).toHaveAttribute(
    "aria-current",
    "step",
  );
  await expect(now.getByText("Waiting for its turn.")).toHaveCount(2);
  await rm(folder, { recursive: true });

  // Two land; the red one waits for a person with its output.
  const refused = page.getByTestId("refused-row");
  await expect(refused).toHaveCount(1, { timeout: 60_000 });
  await expect(refused).toContainText("Break the wall");
  await expect(page.getByRole("button", { name: /^Revert/ })).toHaveCount(2, { timeout: 60_000 });
  await refused.getByRole("button", { name: "Show the gate's output" }).click();
  await expect(refused.getByTestId("gate-output")).toContainText("broken.txt is there");
  await expect(refused.getByRole("button", { name: "Send it back" })).toBeVisible();
  const log = () => house.repository.git("log", "--format=%s");
  expect(await log()).toContain(`Merge ${door.item.id}: `);
  expect(await log()).toContain(`Merge ${window.item.id}: `);
  expect(await log()).not.toContain(`Merge ${broken.item.id}: `);

  // And one is taken back, with a reason.
  await page.getByRole("button", { name: `Revert ${door.item.id}` }).click();
  const dialog = page.getByRole("dialog", { name: `Take ${door.item.id} back` });
  await dialog.getByRole("textbox").fill("The paint is wet");
  await dialog.getByRole("button", { name: "Take it back" }).click();
  await expect(page.getByText("Taken back by").first()).toContainText("The paint is wet", {
    timeout: 60_000,
  });
  expect(await log()).toMatch(new RegExp(`^Revert "Merge ${door.item.id}: `, "m"));
  await page.goto(new URL(`/sessions/${door.id}`, page.url()).href);
  await expect(page.getByText("The paint is wet")).toBeVisible();
  await expect(page.getByTestId("session-status").first()).toContainText("taken back");
});

test("[U238] work that conflicts fails with its files and three ways on; sent back it lands", async ({
  page,
}) => {
  await using house = await createRehearsalHouse({
    config: { validate: [], landing },
    files: { "sign.txt": "old\n" },
  });
  const session = await house.bring("approved", "Write the sign", "conflict: sign.txt\ncommit: Write it");
  await enter(page, house);
  await expect(page.getByText("1 of 1 would land on main")).toBeVisible();

  // Somebody else wrote it first, and the click comes before anybody has looked again.
  await house.repository.write("sign.txt", "somebody else's\n");
  await house.repository.git("commit", "--quiet", "--all", "--message", "Write the sign by hand");
  await page.getByRole("button", { name: `Merge ${session.item.id}` }).click();
  const refused = page.getByTestId("refused-row");
  await expect(refused).toContainText("sign.txt", { timeout: 60_000 });
  await refused.getByRole("button", { name: "Resolve by hand" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("button", { name: /git merge --no-ff amplify\// })).toBeVisible();
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(refused.getByRole("button", { name: "Dispatch again" })).toBeVisible();

  await refused.getByRole("button", { name: "Send it back" }).click();
  await expect(refused).toHaveCount(0);
  const merge = page.getByRole("button", { name: `Merge ${session.item.id}` });
  await expect(merge).toBeVisible({ timeout: 90_000 });
  await merge.click();
  await expect(page.getByRole("button", { name: `Revert ${session.item.id}` })).toBeVisible({
    timeout: 60_000,
  });
  const text = await house.repository.git("show", "HEAD:sign.txt");
  expect(text).toContain("somebody else's");
  expect(text).toContain("Write the sign");
});
