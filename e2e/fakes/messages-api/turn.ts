import { z } from "zod";

const block = z.looseObject({ type: z.string() });
const message = z.object({
  role: z.enum(["user", "assistant", "system"]),
  content: z.union([z.string().transform((text) => [{ type: "text", text }]), z.array(block)]),
});
const tool = z.looseObject({ name: z.string(), input_schema: z.record(z.string(), z.unknown()).optional() });
const request = z.looseObject({
  model: z.string(),
  system: z
    .union([z.string(), z.array(z.looseObject({ text: z.string().default("") }))])
    .default("")
    .transform((system) => (typeof system === "string" ? system : system.map(({ text }) => text).join("\n"))),
  messages: z.array(message),
  tools: z.array(tool).default([]),
  metadata: z.looseObject({ user_id: z.string().default("") }).optional(),
});

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Null while the call has no result in the history. */
  readonly result: { readonly text: string; readonly failed: boolean } | null;
}

/** One request of an agent, read the way a script wants to see it. */
export interface Turn {
  /** The agent's own conversation; its subagents share it. */
  readonly conversation: string;
  readonly model: string;
  readonly system: string;
  /** Everything that users, the person as well as the program, have said, oldest first. */
  readonly said: readonly string[];
  /** The newest order: the last message that is more than results of tools and the program's own notes. */
  readonly prompt: string;
  /** How many such orders there were. */
  readonly orders: number;
  /** Calls since that order, and all of the conversation. */
  readonly calls: readonly ToolCall[];
  readonly history: readonly ToolCall[];
  /** Names of the offered tools with the schema of their input. */
  readonly tools: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** The whole request as it came, for assertions about what reached the model. */
  readonly raw: string;
}

type Message = z.infer<typeof message>;

/** Throws a `ZodError` where `raw` is not a request to the Messages API. */
export function readTurn(raw: string): Turn {
  const { model, system, messages, tools, metadata } = request.parse(JSON.parse(raw));
  const starts = messages.flatMap((each, index) => (orderIn(each) === "" ? [] : [index]));
  const start = starts.at(-1) ?? 0;
  const first = messages[start];
  return {
    conversation: conversationOf(metadata?.user_id ?? ""),
    model,
    system,
    said: messages.filter(({ role }) => role !== "assistant").flatMap(textsOf),
    prompt: first ? orderIn(first) : "",
    orders: starts.length,
    calls: callsIn(messages.slice(start)),
    history: callsIn(messages),
    tools: new Map(tools.map(({ name, input_schema }) => [name, input_schema ?? {}])),
    raw,
  };
}

/** `user_id` is JSON with the session's id in newer versions, `…_session_<uuid>` in older ones. */
function conversationOf(userId: string): string {
  return /session_?(?:id)?["_: ]+([0-9a-f-]{36})/.exec(userId)?.[1] ?? userId;
}

function textsOf({ content }: Message): string[] {
  return content.flatMap((each) => ("text" in each && typeof each.text === "string" ? [each.text] : []));
}

/** The text of a user's message without the notes that the program puts around it. */
function orderIn(each: Message): string {
  if (each.role !== "user" || each.content.some(({ type }) => type === "tool_result")) return "";
  return textsOf(each)
    .map((text) => text.replace(/<system-reminder>[\s\S]*?<\/system-reminder>/g, "").trim())
    .filter((text) => text !== "")
    .join("\n");
}

function callsIn(messages: readonly Message[]): ToolCall[] {
  const blocks = messages.flatMap(({ content }) => content as Readonly<Record<string, unknown>>[]);
  const results = new Map(
    blocks.filter(({ type }) => type === "tool_result").map((each) => [String(each.tool_use_id), each]),
  );
  return blocks
    .filter(({ type }) => type === "tool_use")
    .map((each) => {
      const id = String(each.id);
      const result = results.get(id);
      return {
        id,
        name: String(each.name),
        input: each.input as Record<string, unknown>,
        result: result ? { text: flat(result.content), failed: result.is_error === true } : null,
      };
    });
}

function flat(content: unknown): string {
  if (typeof content === "string") return content;
  return Array.isArray(content)
    ? content.map((each: { text?: unknown }) => (typeof each.text === "string" ? each.text : "")).join("\n")
    : "";
}
