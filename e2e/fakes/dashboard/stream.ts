/** Lines of an agent's stream, in the form of the real one: a long step with tools, a plan and subagents. */
let counter = 0;

const line = (value: unknown) => JSON.stringify(value);
const message = (content: unknown[], parent: string | null = null, subagent: string | null = null) =>
  line({
    type: "assistant",
    message: { role: "assistant", content },
    parent_tool_use_id: parent,
    ...(subagent === null ? {} : { subagent_type: subagent }),
  });
const said = (text: string, parent: string | null = null, subagent: string | null = null) =>
  message([{ type: "text", text }], parent, subagent);
const thought = (thinking: string) => message([{ type: "thinking", thinking }]);

function called(
  name: string,
  input: unknown,
  result: string | null,
  options: { failed?: boolean; parent?: string; subagent?: string; inner?: (id: string) => string[] } = {},
): string[] {
  const id = `toolu_${String(++counter).padStart(6, "0")}`;
  const parent = options.parent ?? null;
  const call = message([{ type: "tool_use", id, name, input }], parent, options.subagent ?? null);
  const inner = options.inner?.(id) ?? [];
  if (result === null) return [call, ...inner];
  const content = [
    { type: "tool_result", tool_use_id: id, content: result, is_error: options.failed === true },
  ];
  return [
    call,
    ...inner,
    line({ type: "user", message: { role: "user", content }, parent_tool_use_id: parent }),
  ];
}

const init = line({
  type: "system",
  subtype: "init",
  session_id: "x",
  model: "claude-opus-5-5",
  claude_code_version: "2.1.330",
});
const result = (cost: number, turns: number) =>
  line({
    type: "result",
    subtype: "success",
    is_error: false,
    num_turns: turns,
    total_cost_usd: cost,
    terminal_reason: "completed",
    result: "Done.",
  });

const testOutput = [
  "\u001b[1m RUN \u001b[0m v4.1.12 /home/mara/harbour/.worktrees/bd-auth.3",
  "",
  ...Array.from(
    { length: 34 },
    (_, n) =>
      ` \u001b[32m✓\u001b[0m src/auth/limit-${String(n + 1)}.test.ts \u001b[2m(${String(3 + (n % 5))} tests)\u001b[0m \u001b[33m${String(12 + n)}ms\u001b[0m`,
  ),
  " \u001b[31m✗\u001b[0m src/auth/sign-in.test.ts \u001b[2m(12 tests | \u001b[31m1 failed\u001b[39m)\u001b[0m",
  "   \u001b[31m→ expected 429 to be 401\u001b[0m",
  "",
  "\u001b[2m Test Files \u001b[0m \u001b[31m1 failed\u001b[39m | \u001b[32m34 passed\u001b[39m (35)",
].join("\n");

export function implementation(ended: boolean): string[] {
  return [
    init,
    thought(
      "The item wants limits by address and by account. I should look at how requests are counted elsewhere before adding a second mechanism.",
    ),
    said("I'll start with how sign-in works today, and whether there is a limiter already."),
    ...called(
      "Grep",
      { pattern: "rateLimit|limiter", path: "src" },
      "src/http/limiter.ts\nsrc/http/server.ts",
    ),
    ...called(
      "Read",
      { file_path: "/home/mara/harbour/.worktrees/bd-auth.3/src/http/limiter.ts" },
      Array.from(
        { length: 62 },
        (_, n) => `${String(n + 1)}\texport const line${String(n + 1)} = ${String(n)};`,
      ).join("\n"),
    ),
    ...called(
      "TodoWrite",
      {
        todos: [
          { content: "Count failures by account and by address", status: "completed" },
          { content: "Answer 429 with Retry-After", status: "in_progress" },
          { content: "Test the window's edges with a fake clock", status: "pending" },
        ],
      },
      "ok",
    ),
    said(
      "There is a limiter for the API, keyed by address only. I will give it a **key function** instead of adding a second one:\n\n1. `limiter.ts`: take `keyOf(request)`\n2. `sign-in.ts`: two limiters, address and account\n3. tests with a fake clock\n\n```ts\nconst byAccount = limiter({ points: 5, windowMs: 15 * 60_000, keyOf: accountOf });\n```",
    ),
    ...called(
      "Edit",
      {
        file_path: "/home/mara/harbour/.worktrees/bd-auth.3/src/http/limiter.ts",
        old_string: "export function limiter({ points, windowMs }: Options) {\n  const key = request.ip;",
        new_string:
          "export function limiter({ points, windowMs, keyOf }: Options) {\n  const key = keyOf(request);",
      },
      "The file has been updated.",
    ),
    ...called(
      "Write",
      {
        file_path: "/home/mara/harbour/.worktrees/bd-auth.3/src/auth/account-key.ts",
        content:
          'import { createHash } from "node:crypto";\n\n/** Accounts are counted by a hash, so that the limiter\'s memory holds no addresses. */\nexport function accountKey(email: string): string {\n  return createHash("sha256").update(email.trim().toLowerCase()).digest("hex");\n}\n',
      },
      "File created.",
    ),
    ...called(
      "Bash",
      { command: "npm test -- src/auth", description: "Run the tests of sign-in" },
      testOutput,
      { failed: true },
    ),
    said(
      "One failure is mine: the old test expects 401 on the sixth attempt. With the limit that answer is 429, as the item says, so the test has to change.",
    ),
    ...called(
      "Task",
      {
        subagent_type: "Explore",
        description: "Find callers that rely on 401",
        prompt: "Find every caller of POST /sign-in that treats 401 as the only failure.",
      },
      "Two callers: `web/src/sign-in-form.tsx` shows the message of any 4xx, `cli/login.ts` checks `=== 401` and **would print a stack trace on 429**.",
      {
        inner: (id) => [
          ...called("Grep", { pattern: "status === 401", path: "." }, "cli/login.ts:22", {
            parent: id,
            subagent: "Explore",
          }),
          ...called("Read", { file_path: "cli/login.ts" }, "…", { parent: id, subagent: "Explore" }),
          said("`cli/login.ts` is the only one that would break.", id, "Explore"),
        ],
      },
    ),
    line({
      type: "system",
      subtype: "api_retry",
      attempt: 1,
      max_retries: 10,
      retry_delay_ms: 2000,
      error_status: 529,
      error: "overloaded",
    }),
    ...Array.from({ length: 60 }, (_, n) =>
      called(
        "Bash",
        { command: `npx vitest run src/auth/limit-${String(n + 1)}.test.ts`, description: "Run one file" },
        ` \u001b[32m✓\u001b[0m src/auth/limit-${String(n + 1)}.test.ts (3 tests) ${String(20 + n)}ms`,
      ),
    ).flat(),
    said("All green but the window's edge. I'll run the whole suite once more and measure."),
    ...(ended
      ? [said("Everything passes. The limit is by address **and** by account."), result(0.84, 31)]
      : called(
          "Bash",
          {
            command: "npm test && npm run bench:sign-in",
            description: "The whole suite, then the benchmark",
          },
          null,
        )),
  ];
}

export function council(): string[] {
  return [
    init,
    said("I call the implementer and the peer reviewer."),
    ...called(
      "Task",
      {
        subagent_type: "implementer",
        description: "Present the work",
        prompt: "Present the change from base to head.",
      },
      "Presented: argon2id, rehash on sign-in, 14 tests.",
    ),
    ...called(
      "Task",
      {
        subagent_type: "peer-reviewer",
        description: "Examine the change",
        prompt: "Examine code, tests and security independently.",
      },
      "**Changes wanted.** One blocker: accounts can be enumerated by timing.",
      {
        inner: (id) => [
          ...called(
            "Bash",
            { command: "git diff main...HEAD --stat" },
            " 5 files changed, 143 insertions(+), 37 deletions(-)",
            { parent: id, subagent: "peer-reviewer" },
          ),
          ...called(
            "Bash",
            { command: "hyperfine --runs 200 './try unknown@x' './try known@x'" },
            "unknown: 4.1 ms ± 0.3\nknown:   84.9 ms ± 2.2",
            { parent: id, subagent: "peer-reviewer" },
          ),
          said("The difference is far above the noise.", id, "peer-reviewer"),
        ],
      },
    ),
    result(0.5, 9),
  ];
}

export const outputLines: string[] = Array.from({ length: 4200 }, (_, n) => {
  const at = new Date(Date.UTC(2026, 10, 23, 9, 0, n)).toISOString().slice(11, 19);
  const kinds = [
    `\u001b[2m${at}\u001b[0m  \u001b[36mBash\u001b[0m npx vitest run src/auth/limit-${String(n)}.test.ts`,
    `\u001b[2m${at}\u001b[0m   \u001b[32m✓\u001b[0m limit-${String(n)} holds at the window's edge \u001b[33m${String(n % 90)}ms\u001b[0m`,
    `\u001b[2m${at}\u001b[0m  \u001b[1mI'll check that the limiter forgets after its window.\u001b[0m`,
    `\u001b[2m${at}\u001b[0m   \u001b[31m✗\u001b[0m expected 429 to be 401 \u001b[2m(src/auth/sign-in.test.ts:${String(n)})\u001b[0m`,
  ];
  return kinds[n % 7 === 0 ? 0 : n % 31 === 0 ? 3 : n % 11 === 0 ? 2 : 1] ?? "";
});
