import { attentionOf, type Attention } from "#lib/domain/attention.ts";
import { itemKey, type Model } from "./model.ts";

/**
 * Reads the queue of what needs a person out of a model. Signs of life make new models all the time: while the queue
 * says the same, its entries, and the list itself, stay the same objects.
 */
export function createAttentionReader(): (model: Model) => readonly Attention[] {
  let read: Model | null = null;
  let queue: readonly Attention[] = [];
  return (model) => {
    if (model === read) return queue;
    read = model;
    const known = new Map(queue.map((each) => [each.key, each]));
    const next = attentionOf({
      sessions: model.sessions.values(),
      questions: model.questions.values(),
      landings: model.landings.values(),
      loops: model.loops.values(),
      downstreamOf: (repository, item) => model.items.get(itemKey(repository, item))?.downstream ?? null,
    }).map((each) => {
      const before = known.get(each.key);
      return before && JSON.stringify(before) === JSON.stringify(each) ? before : each;
    });
    const isSame = next.length === queue.length && next.every((each, index) => each === queue[index]);
    if (!isSame) queue = next;
    return queue;
  };
}
