import { expect, test } from "vitest";
import { currentPrompt, emptyDraft, isComplete, toggled, written } from "./draft.ts";
import { placesOf } from "./groups.ts";
import { createAttentionReader } from "#lib/client/attention.ts";
import { fromSnapshot } from "#lib/client/model.ts";
import { Dashboard } from "#e2e/fakes/dashboard/dashboard.ts";
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

test("[U25, U171] the inbox begins with what holds up most, and questions that are alike stand in one place", () => {
  const model = fromSnapshot(new Dashboard().snapshot());
  const queue = createAttentionReader()(model);
  const places = placesOf(queue, model.questions);
  const asked = places.flatMap((place) => (place.kind === "questions" ? [place.views] : []));
  expect(asked.map((views) => views.map(({ item }) => item.id))).toEqual([
    ["bd-auth.5"],
    ["bd-pay.2", "bd-ui.12"],
  ]);
  expect(places.length).toBe(queue.length - 1);
});
