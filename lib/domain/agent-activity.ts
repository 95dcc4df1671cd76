import type { AgentEvent } from "./agent-events.ts";

/** What an agent is in the middle of, as far as its stream says. */
export interface AgentActivity {
  /** The last words of the session's own agent. */
  readonly said: string;
  /** The last call without a result; `elapsedMs` as its last heartbeat has it. */
  readonly call: OpenCall | null;
  /** It waits before it asks its service again, and has said nothing since. */
  readonly retry: Extract<AgentEvent, { kind: "retry" }> | null;
  /** Its turn came to a result, and no further one has begun. */
  readonly ended: boolean;
  /** What it left running in the background, in its own words. */
  readonly background: readonly string[];
}

interface OpenCall {
  readonly id: string;
  readonly name: string;
  readonly elapsedMs?: number;
}

/** Follows a stream, event by event; to be told one twice does no harm. */
export function createActivity() {
  const open = new Map<string, OpenCall>();
  let said = "";
  let last: AgentEvent | null = null;
  let ended = false;
  let background: readonly string[] = [];
  return {
    take(event: AgentEvent) {
      last = event;
      switch (event.kind) {
        case "started":
        case "thinking":
        case "retry":
          ended = false;
          break;
        case "text":
          ended = false;
          if (event.by.subagent === null && event.text.trim() !== "") said = event.text.trim();
          break;
        case "tool":
          ended = false;
          open.set(event.id, { id: event.id, name: event.name });
          break;
        case "tool-result":
          open.delete(event.id);
          break;
        case "heartbeat": {
          const call = open.get(event.id);
          if (call) open.set(event.id, { ...call, elapsedMs: event.elapsedMs });
          break;
        }
        case "background":
          background = event.tasks;
          break;
        case "ended":
          ended = true;
          open.clear();
          break;
        case "limited":
        case "denied":
        case "notice":
        case "unknown":
          break;
      }
    },
    now: (): AgentActivity => ({
      said,
      call: [...open.values()].at(-1) ?? null,
      retry: last?.kind === "retry" ? last : null,
      ended,
      background,
    }),
  };
}

export function activityOf(events: Iterable<AgentEvent>): AgentActivity {
  const activity = createActivity();
  for (const event of events) activity.take(event);
  return activity.now();
}
