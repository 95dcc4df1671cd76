import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";

export type Block =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "tool_use"; readonly name: string; readonly input: Readonly<Record<string, unknown>> };

/** What the model, or the service around it, does with one request. */
export type Reply = { readonly after?: Promise<unknown> } & (
  | {
      readonly kind: "message";
      readonly blocks: readonly Block[];
      readonly usage?: { readonly input: number; readonly output: number };
    }
  | { readonly kind: "error"; readonly status: number; readonly type: string; readonly message: string }
  /** The stream begins well and then says that it failed. */
  | { readonly kind: "stream-error"; readonly type: string; readonly message: string }
  /** The connection breaks in the middle of the answer. */
  | { readonly kind: "cut" }
  /** No answer, ever. */
  | { readonly kind: "silence" }
);

export function say(text: string): Reply {
  return { kind: "message", blocks: [{ type: "text", text }] };
}

export function call(name: string, input: Readonly<Record<string, unknown>>): Reply {
  return calls([{ name, input }]);
}

export function calls(
  all: readonly { readonly name: string; readonly input: Readonly<Record<string, unknown>> }[],
): Reply {
  return { kind: "message", blocks: all.map((each) => ({ type: "tool_use", ...each })) };
}

export function refuse(status: number, type: string, message: string): Reply {
  return { kind: "error", status, type, message };
}

/** Answers with server-sent events in the order that the Messages API documents. */
export async function send(response: ServerResponse, reply: Reply, model: string): Promise<void> {
  await reply.after;
  if (reply.kind === "silence") return;
  if (reply.kind === "error") {
    response.writeHead(reply.status, { "content-type": "application/json", "request-id": requestId() });
    response.end(JSON.stringify({ type: "error", error: { type: reply.type, message: reply.message } }));
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream", "request-id": requestId() });
  const emit = (type: string, fields: object) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`);
  const blocks: readonly Block[] =
    reply.kind === "message" ? reply.blocks : [{ type: "text", text: "I will begin with" }];
  const usage = reply.kind === "message" && reply.usage ? reply.usage : { input: 1000, output: 20 };
  emit("message_start", { message: { ...emptyMessage(model), usage: usageOf(usage.input, 1) } });
  for (const [index, block] of blocks.entries()) {
    emit("content_block_start", { index, content_block: opened(block) });
    emit("content_block_delta", { index, delta: deltaOf(block) });
    if (reply.kind === "cut") {
      response.flushHeaders();
      // The written part has to leave first, else the peer sees a refused request and not a cut one.
      setImmediate(() => response.destroy());
      return;
    }
    if (reply.kind === "stream-error") {
      emit("error", { error: { type: reply.type, message: reply.message } });
      response.end();
      return;
    }
    emit("content_block_stop", { index });
  }
  const calling = blocks.some(({ type }) => type === "tool_use");
  emit("message_delta", {
    delta: { stop_reason: calling ? "tool_use" : "end_turn", stop_sequence: null },
    usage: { output_tokens: usage.output },
  });
  emit("message_stop", {});
  response.end();
}

function opened(block: Block): object {
  return block.type === "text"
    ? { type: "text", text: "" }
    : { type: "tool_use", id: `toolu_${hex()}`, name: block.name, input: {} };
}

function deltaOf(block: Block): object {
  return block.type === "text"
    ? { type: "text_delta", text: block.text }
    : { type: "input_json_delta", partial_json: JSON.stringify(block.input) };
}

function emptyMessage(model: string): object {
  return {
    id: `msg_${hex()}`,
    type: "message",
    role: "assistant",
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
  };
}

function usageOf(input: number, output: number): object {
  return {
    input_tokens: input,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: output,
    service_tier: "standard",
  };
}

function hex(): string {
  return randomUUID().replaceAll("-", "").slice(0, 24);
}

function requestId(): string {
  return `req_${hex()}`;
}
