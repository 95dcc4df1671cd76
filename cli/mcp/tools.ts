import type { z } from "zod";
import { commands, reads, type CommandName, type ReadName } from "#lib/contract/wire.ts";

/** What other programs may do: the same operations, inputs and rights as the command line. */
interface ToolOf<Kind, Name> {
  readonly tool: string;
  readonly kind: Kind;
  readonly operation: Name;
  readonly description: string;
}
export type Tool = ToolOf<"command", CommandName> | ToolOf<"read", ReadName>;

export const tools: readonly Tool[] = [
  {
    tool: "status",
    kind: "read",
    operation: "status",
    description: "All current sessions with their states, and the questions that are open.",
  },
  {
    tool: "inbox",
    kind: "read",
    operation: "inbox",
    description: "Everything that needs a person, what holds up most first.",
  },
  { tool: "items", kind: "read", operation: "items", description: "The open items of the backlog." },
  { tool: "item", kind: "read", operation: "item", description: "One item with everything that it says." },
  {
    tool: "dispatch",
    kind: "command",
    operation: "session:dispatch",
    description: "Gives an item an isolated session: worktree, agent, review council. Answers at once.",
  },
  {
    tool: "dispatch_ready",
    kind: "command",
    operation: "session:dispatch-ready",
    description: "A session for every item that is ready, and why the others are passed over.",
  },
  {
    tool: "questions",
    kind: "read",
    operation: "questions",
    description: "The questions of sessions that wait for an answer, with their options.",
  },
  {
    tool: "answer",
    kind: "command",
    operation: "question:answer",
    description:
      "Answers a question: `text` for one part (an option's label chooses it), else `choices`, one per part. The first answer wins.",
  },
  {
    tool: "message",
    kind: "command",
    operation: "session:message",
    description: "Tells a session's agent something unasked; a session at rest goes on with it.",
  },
  {
    tool: "review",
    kind: "read",
    operation: "session",
    description:
      "One session with its councils, verdicts, findings and validation. Reviews run by themselves; nothing starts one.",
  },
  {
    tool: "diff",
    kind: "read",
    operation: "diff",
    description: "What a session's branch changes, as a unified diff.",
  },
  {
    tool: "merge",
    kind: "command",
    operation: "merge:start",
    description:
      "Lands one approved session, or all of them in order. Answers when the landings have begun; look with `status`.",
  },
  {
    tool: "rework",
    kind: "command",
    operation: "session:rework",
    description: "Sends a session's work back with what to change.",
  },
  {
    tool: "stop",
    kind: "command",
    operation: "session:stop",
    description: "Stops a session; with `discard` its work is archived and its item is free again.",
  },
];

export function inputOf({ kind, operation }: Tool): z.ZodObject {
  const { input } = kind === "command" ? commands[operation] : reads[operation];
  return input as z.ZodObject;
}
