import type { FailureReason } from "./failure.ts";

/** What one line of an agent's stream means to us, whichever CLI wrote it. */
export type AgentEvent =
  | {
      readonly kind: "started";
      readonly agentSession: string;
      readonly model: string;
      readonly version: string;
    }
  | { readonly kind: "text"; readonly text: string; readonly by: Speaker }
  | { readonly kind: "thinking"; readonly text: string; readonly by: Speaker }
  | {
      readonly kind: "tool";
      readonly id: string;
      readonly name: string;
      readonly input: unknown;
      readonly by: Speaker;
    }
  | {
      readonly kind: "tool-result";
      readonly id: string;
      readonly text: string;
      readonly failed: boolean;
      readonly by: Speaker;
      /** Present where a subagent has come to its end: its id, and its last message as it said it. */
      readonly handBack?: { readonly agent: string; readonly message: string };
    }
  /** A tool is still at work: life without output. */
  | { readonly kind: "heartbeat"; readonly id: string; readonly elapsedMs: number }
  | {
      readonly kind: "retry";
      readonly attempt: number;
      readonly of: number;
      readonly delayMs: number;
      readonly error: string;
    }
  /** All that the agent has running in the background by now; empty when the last of it ended. */
  | { readonly kind: "background"; readonly tasks: readonly string[] }
  /** The account's limit stands in the way until then. */
  | { readonly kind: "limited"; readonly until: string }
  | { readonly kind: "denied"; readonly tool: string; readonly reason: string }
  | { readonly kind: "notice"; readonly text: string }
  | { readonly kind: "ended"; readonly result: AgentResult }
  /** Not JSON, or of a kind that we do not know: kept and shown, never acted on. */
  | { readonly kind: "unknown"; readonly line: string };

/** The session's own agent, or the subagent with this type. */
export interface Speaker {
  readonly subagent: string | null;
  /** The tool call that the subagent works for. */
  readonly parent: string | null;
}

/** One `result` of a stream; a run may print several, and only the last one counts. */
export interface AgentResult {
  readonly ok: boolean;
  readonly terminal: string;
  readonly text: string;
  readonly structured: unknown;
  readonly turns: number;
  readonly costUsd: number | null;
  /** The exact cost since the previous result, where the CLI says it. */
  readonly costSinceLastUsd: number | null;
  readonly deferred: { readonly id: string; readonly name: string; readonly input: unknown } | null;
  readonly failure: FailureReason | null;
}
