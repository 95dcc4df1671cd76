import type { AgentEvent, AgentResult, Speaker } from "#lib/domain/agent-events.ts";

/** What a transcript shows. An entry that changes is a new object; all others stay the same ones. */
export type Entry =
  | {
      readonly kind: "text" | "thinking";
      readonly key: string;
      readonly text: string;
      readonly who: string | null;
    }
  | ToolEntry
  | {
      readonly kind: "notice";
      readonly key: string;
      readonly level: "info" | "warning";
      readonly text: string;
    }
  | { readonly kind: "ended"; readonly key: string; readonly result: AgentResult }
  | { readonly kind: "unknown"; readonly key: string; readonly text: string };

export interface ToolEntry {
  readonly kind: "tool";
  readonly key: string;
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
  /** Null while it is at work. */
  readonly result: { readonly text: string; readonly failed: boolean } | null;
  readonly elapsedMs: number | null;
  /** What the subagent that this call started said and did. */
  readonly inner: readonly Entry[];
}

export interface Transcript {
  readonly entries: readonly Entry[];
  /** Where each tool call is: its place among the entries, or in the call of its subagent. */
  readonly places: ReadonlyMap<string, { readonly parent: string | null; readonly index: number }>;
  readonly counted: number;
}

export const emptyTranscript: Transcript = { entries: [], places: new Map(), counted: 0 };

/** Folds events in. The cost is that of the new events, not of the transcript so far (but one shallow copy). */
export function withEvents(transcript: Transcript, events: readonly AgentEvent[]): Transcript {
  if (events.length === 0) return transcript;
  const draft = new Draft(transcript);
  for (const event of events) draft.add(event);
  return draft.finish();
}

class Draft {
  readonly #entries: Entry[];
  readonly #places: Map<string, { parent: string | null; index: number }>;
  #counted: number;

  constructor({ entries, places, counted }: Transcript) {
    this.#entries = [...entries];
    this.#places = new Map(places);
    this.#counted = counted;
  }

  finish(): Transcript {
    return { entries: this.#entries, places: this.#places, counted: this.#counted };
  }

  add(event: AgentEvent): void {
    const key = String(this.#counted++);
    switch (event.kind) {
      case "text":
      case "thinking":
        if (event.text.trim() === "") return;
        this.#put({ kind: event.kind, key, text: event.text, who: event.by.subagent }, event.by);
        return;
      case "tool": {
        const tool = { kind: "tool" as const, key, id: event.id, name: event.name, input: event.input };
        const index = this.#put({ ...tool, result: null, elapsedMs: null, inner: [] }, event.by);
        this.#places.set(event.id, { parent: this.#parentOf(event.by), index });
        return;
      }
      case "tool-result":
        this.#change(event.id, (tool) => ({ ...tool, result: { text: event.text, failed: event.failed } }));
        return;
      case "heartbeat":
        this.#change(event.id, (tool) => ({ ...tool, elapsedMs: event.elapsedMs }));
        return;
      case "started":
        this.#entries.push({ kind: "notice", key, level: "info", text: `${event.model} · ${event.version}` });
        return;
      case "retry":
        this.#entries.push({
          kind: "notice",
          key,
          level: "warning",
          text: `Retry ${String(event.attempt)} of ${String(event.of)} in ${String(Math.round(event.delayMs / 1000))} s: ${event.error}`,
        });
        return;
      case "limited":
        this.#entries.push({
          kind: "notice",
          key,
          level: "warning",
          text: `The account's limit is reached until ${event.until}`,
        });
        return;
      case "denied":
        this.#entries.push({
          kind: "notice",
          key,
          level: "warning",
          text: `${event.tool} was denied: ${event.reason}`,
        });
        return;
      case "background":
        if (event.tasks.length === 0) return;
        this.#entries.push({
          kind: "notice",
          key,
          level: "info",
          text: `In the background: ${event.tasks.join(", ")}`,
        });
        return;
      case "notice":
        this.#entries.push({ kind: "notice", key, level: "info", text: event.text });
        return;
      case "ended":
        this.#entries.push({ kind: "ended", key, result: event.result });
        return;
      case "unknown":
        this.#entries.push({ kind: "unknown", key, text: event.line });
        return;
    }
  }

  /** The call that the speaker works for, if it is known and itself no inner one; deeper ones stay with it. */
  #parentOf({ parent }: Speaker): string | null {
    if (parent === null) return null;
    const place = this.#places.get(parent);
    return place ? (place.parent ?? parent) : null;
  }

  #put(entry: Entry, by: Speaker): number {
    const parent = this.#parentOf(by);
    if (parent === null) return this.#entries.push(entry) - 1;
    let index = 0;
    this.#change(parent, (tool) => {
      index = tool.inner.length;
      return { ...tool, inner: [...tool.inner, entry] };
    });
    return index;
  }

  #change(id: string, change: (tool: ToolEntry) => ToolEntry): void {
    const place = this.#places.get(id);
    if (!place) return;
    if (place.parent !== null) {
      this.#change(place.parent, (tool) => ({
        ...tool,
        inner: tool.inner.map((entry, index) =>
          index === place.index && entry.kind === "tool" ? change(entry) : entry,
        ),
      }));
      return;
    }
    const entry = this.#entries[place.index];
    if (entry?.kind === "tool") this.#entries[place.index] = change(entry);
  }
}
