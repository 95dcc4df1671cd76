import type { CommandLine } from "./command-line.ts";
import type { Conversation } from "./conversation.ts";
import type { Script } from "./directives.ts";
import type { Hooks } from "./hooks.ts";
import type { Order } from "./read-order.ts";
import type { Stream, Voice } from "./stream.ts";

/** One process of the agent, with all that it works with. */
export interface Scene {
  readonly command: CommandLine;
  /** Changed in place, and kept with {@link Scene.keep}. */
  readonly conversation: Conversation;
  readonly script: Script;
  /** What this process was told; null where it only repeats the call that waits. */
  readonly order: Order | null;
  readonly stream: Stream;
  readonly hooks: Hooks;
  readonly worktree: string;
  /** The subagent that speaks; left out for the lead. */
  readonly voice?: Voice;
  readonly keep: () => void;
  /** The script's pause, so that people can watch. */
  readonly pause: () => Promise<void>;
}

/** Puts item and answers in: `{item}`, `{title}`, `{answer}` (the last one) and `{answer 2}`. */
export function fill({ item, answers }: Conversation, text: string): string {
  return text.replace(/\{(?:item|title|answer(?: (\d+))?)\}/g, (whole, number?: string) => {
    if (whole === "{item}") return item.id;
    if (whole === "{title}") return item.title;
    return answers.at(number === undefined ? -1 : Number(number) - 1)?.answer ?? whole;
  });
}

/** A subject for commits and summaries. */
export function headingOf({ item }: Conversation): string {
  return item.title.length > 72 ? `${item.title.slice(0, 71).trimEnd()}…` : item.title;
}
