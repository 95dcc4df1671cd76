import { expect, test } from "vitest";
import { currentPrompt, emptyDraft, isComplete, toggled, written } from "./draft.ts";
import { inboxOrder } from "./inbox-order.ts";
import { questions } from "#e2e/fakes/dashboard/questions.ts";

const { prompts } = questions[0]!.question;

test("[U23] one choice replaces the other, several add up, and a second click takes back", () => {
  let draft = toggled(emptyDraft(prompts), 0, prompts[0]!, "Link by mail");
  draft = toggled(draft, 0, prompts[0]!, "Explain and refuse");
  expect(draft[0]?.labels).toEqual(["Explain and refuse"]);
  draft = toggled(toggled(draft, 1, prompts[1]!, "Security keys"), 1, prompts[1]!, "Synced passkeys");
  expect(draft[1]?.labels).toEqual(["Security keys", "Synced passkeys"]);
  expect(toggled(draft, 1, prompts[1]!, "Security keys")[1]?.labels).toEqual(["Synced passkeys"]);
});

test("[U24] an answer is complete when every part has a choice or words, and digits go to the first without", () => {
  let draft = toggled(emptyDraft(prompts), 0, prompts[0]!, "Link by mail");
  expect(currentPrompt(draft)).toBe(1);
  draft = written(draft, 1, "none of these");
  draft = written(draft, 2, "   ");
  expect(isComplete(draft)).toBe(false);
  expect(isComplete(written(draft, 2, "Harbour"))).toBe(true);
});

test("[U25] the inbox begins with what holds up most", () => {
  expect(inboxOrder(questions.toReversed()).map(({ downstream }) => downstream)).toEqual([3, 1]);
});
