import { randomBytes, randomUUID } from "node:crypto";
import { spokenVersion } from "./command-line.ts";

/** A subagent, as the lines that it causes name it. */
export interface Voice {
  /** The call that it works for. */
  readonly parent: string;
  readonly agent: string;
  readonly type: string;
  readonly description: string;
}

/** The program's last word was said, and it ends with this exit code. */
export class Over extends Error {
  override readonly name = "Over";
  readonly exit: number;

  constructor(exit: number) {
    super(`Over with exit code ${exit}`);
    this.exit = exit;
  }
}

type Block =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "tool_use"; readonly id: string; readonly name: string; readonly input: object };

interface StreamOptions {
  readonly session: string;
  readonly model: string;
  readonly cwd: string;
  readonly tools: readonly string[];
  readonly agents: readonly string[];
  /** Spent by earlier processes of the conversation. */
  readonly spentUsd: number;
  readonly budgetUsd: number | null;
  readonly maxTurns: number | null;
  readonly print: (line: string) => void;
}

/**
 * Prints what the CLI would print. Nothing is spent: cost is made up from the length of what was read and
 * said, at usual prices, so that sums and budgets have something to count.
 */
export class Stream {
  readonly #options: StreamOptions;
  readonly #beganAt = Date.now();
  #turns = 0;
  #read = 0;
  #context = 0;
  #said = 0;

  constructor(options: StreamOptions) {
    this.#options = options;
  }

  /** What this process cost. */
  get costUsd(): number {
    return (this.#read * 2 + this.#said * 10) / 4 / 1_000_000;
  }

  begin(prompt: string): void {
    const { session, model, cwd, tools, agents } = this.#options;
    this.#context += Buffer.byteLength(prompt);
    this.#print({
      type: "system",
      subtype: "init",
      cwd,
      session_id: session,
      tools,
      mcp_servers: [],
      model,
      permissionMode: "bypassPermissions",
      apiKeySource: "none",
      claude_code_version: spokenVersion,
      output_style: "default",
      agents,
    });
  }

  say(text: string, voice?: Voice): void {
    this.#message([{ type: "text", text }], voice);
  }

  /** Returns the id of the call. */
  call(name: string, input: Readonly<Record<string, unknown>>, voice?: Voice): string {
    const { budgetUsd, maxTurns } = this.#options;
    if (budgetUsd !== null && this.costUsd > budgetUsd)
      return this.fail("error_max_budget_usd", "budget_exhausted", `Reached maximum budget ($${budgetUsd})`);
    if (maxTurns !== null && this.#turns >= maxTurns)
      return this.fail("error_max_turns", "max_turns", `Reached maximum number of turns (${maxTurns})`);
    const id = `toolu_${randomBytes(12).toString("hex")}`;
    this.#message([{ type: "tool_use", id, name, input }], voice);
    return id;
  }

  /** What a call came to; `more` goes beside the message. */
  answer(
    id: string,
    text: string,
    { failed = false, voice, more = {} }: { failed?: boolean; voice?: Voice | undefined; more?: object } = {},
  ): void {
    this.#context += Buffer.byteLength(text);
    this.#print({
      type: "user",
      message: {
        role: "user",
        content: [{ tool_use_id: id, type: "tool_result", content: text, is_error: failed }],
      },
      ...this.#by(voice),
      timestamp: new Date().toISOString(),
      ...more,
    });
  }

  /** A line of the program itself. */
  note(subtype: string, fields: object): void {
    this.#print({ type: "system", subtype, ...fields, session_id: this.#options.session });
  }

  /** The last line of a good run. */
  finish(text: string, structured?: unknown): void {
    this.#result({
      subtype: "success",
      is_error: false,
      stop_reason: "end_turn",
      terminal_reason: "completed",
      result: structured === undefined ? text : JSON.stringify(structured),
      ...(structured === undefined ? {} : { structured_output: structured }),
    });
  }

  defer(call: { id: string; name: string; input: Readonly<Record<string, unknown>> }): void {
    this.#result({
      subtype: "success",
      is_error: false,
      stop_reason: "tool_deferred",
      terminal_reason: "tool_deferred",
      result: "",
      deferred_tool_use: call,
    });
  }

  /** The last line of a run that the program itself ends. */
  fail(subtype: string, terminal: string, error: string): never {
    this.#result({ subtype, is_error: true, terminal_reason: terminal, errors: [error] });
    throw new Over(1);
  }

  /** The last line where the model's service gave up on us; so it ends with `success`. */
  failAsService(status: number, text: string): never {
    this.#result({
      subtype: "success",
      is_error: true,
      terminal_reason: "api_error",
      api_error_status: status,
      result: text,
    });
    throw new Over(1);
  }

  #message(content: readonly Block[], voice?: Voice): void {
    const said = content.reduce((sum, block) => sum + lengthOf(block), 0);
    this.#turns += 1;
    this.#read += this.#context;
    this.#said += said;
    this.#context += said;
    this.#print({
      type: "assistant",
      message: {
        id: `msg_${randomBytes(12).toString("hex")}`,
        type: "message",
        role: "assistant",
        model: this.#options.model,
        content,
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: Math.ceil(this.#context / 4), output_tokens: 1 },
      },
      ...this.#by(voice),
      timestamp: new Date().toISOString(),
    });
  }

  #by(voice?: Voice) {
    const session = { session_id: this.#options.session };
    if (!voice) return { parent_tool_use_id: null, ...session };
    return {
      parent_tool_use_id: voice.parent,
      agent_id: voice.agent,
      subagent_type: voice.type,
      task_description: voice.description,
      ...session,
    };
  }

  #result(fields: object): void {
    const usage = (costUSD: number) => ({
      [this.#options.model]: {
        inputTokens: Math.ceil(this.#read / 4),
        outputTokens: Math.ceil(this.#said / 4),
        costUSD,
        costBasis: "rehearsal",
      },
    });
    const total = this.#options.spentUsd + this.costUsd;
    this.#print({
      type: "result",
      ...fields,
      session_id: this.#options.session,
      duration_ms: Date.now() - this.#beganAt,
      num_turns: this.#turns,
      total_cost_usd: total,
      modelUsage: usage(total),
      model_usage_since_last_result: usage(this.costUsd),
      permission_denials: [],
      queued_turn_count: 0,
      result_index: 0,
    });
  }

  #print(line: object): void {
    this.#options.print(`${JSON.stringify({ ...line, uuid: randomUUID() })}\n`);
  }
}

function lengthOf(block: Block): number {
  return block.type === "text" ? block.text.length : JSON.stringify(block.input).length;
}
