import type { QuestionView } from "#lib/contract/wire.ts";
import type { Attention } from "#lib/domain/attention.ts";
import { likeness } from "#lib/domain/standing-answer.ts";

/** A place in the inbox: questions that are alike share one, where the first of them stands. */
export type Place =
  | { readonly kind: "questions"; readonly entry: Attention; readonly views: readonly QuestionView[] }
  | { readonly kind: "other"; readonly entry: Attention };

export function placesOf(
  queue: readonly Attention[],
  questions: ReadonlyMap<string, QuestionView>,
): readonly Place[] {
  const groups = new Map<string, QuestionView[]>();
  const places: Place[] = [];
  for (const entry of queue) {
    if (entry.kind !== "question") {
      places.push({ kind: "other", entry });
      continue;
    }
    const view = questions.get(entry.key);
    if (!view) continue;
    const like = `${view.repository} ${likeness(view.question)}`;
    const group = groups.get(like);
    if (group) group.push(view);
    else {
      const views = [view];
      groups.set(like, views);
      places.push({ kind: "questions", entry, views });
    }
  }
  return places;
}
