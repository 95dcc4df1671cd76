import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseQuestionId } from "#lib/domain/ids.ts";
import { createClaude } from "#server/adapters/agents/claude/claude.ts";
import type { Script } from "../fakes/messages-api/messages-api.ts";
import { startMessagesApi } from "../fakes/messages-api/messages-api.ts";
import { refuse } from "../fakes/messages-api/reply.ts";
import { goodDay, tell } from "../fakes/messages-api/story.ts";
import { setStage } from "../fakes/scripted-agent/stage.ts";
import { findTool } from "../fixtures/tools.ts";

const claude = findTool("claude-latest");
const toolsDir = join(import.meta.dirname, "../../dist");
const limit = { timeout: 180_000 };

/** How the service refuses what only a new conversation gets out of. */
const refusals = {
  "holds what the service refuses": refuse(
    400,
    "invalid_request_error",
    "messages.2: `tool_use` ids were found without `tool_result` blocks immediately after",
  ),
  "has become too long": refuse(
    400,
    "invalid_request_error",
    "prompt is too long: 250000 tokens > 200000 maximum",
  ),
  // The CLI itself finds out; the service is not asked.
  "is gone": null,
} as const;

describe.skipIf(!claude)("a conversation of the real CLI that cannot go on", () => {
  it.each(Object.entries(refusals))(
    "[E40] one that %s is followed by a new one, which is told what was done and answered",
    limit,
    async (_what, refusal) => {
      const home = await mkdtemp(join(tmpdir(), "amplify-home-"));
      let first: string | null = null;
      const script: Script = (turn, before) => {
        first ??= turn.conversation;
        const isFirst = turn.conversation === first;
        const isAnswered = turn.history.some(({ result }) => result !== null);
        if (isFirst && isAnswered && refusal) return refusal;
        return tell(isFirst ? goodDay : { ...goodDay, question: null })(turn, before);
      };
      const api = await startMessagesApi({ script });
      try {
        await using stage = await setStage(createClaude({ command: claude!, toolsDir }), {
          env: {
            HOME: home,
            GIT_CONFIG_GLOBAL: "/dev/null",
            ANTHROPIC_BASE_URL: api.url,
            ANTHROPIC_API_KEY: "not-a-key",
            CLAUDE_CODE_MAX_RETRIES: "1",
          },
        });
        await stage.start();
        await stage.untilKind("step-asked");
        if (refusal === null) await forget(join(home, ".claude/projects"));
        const answer = { kind: "answer", question: parseQuestionId("q-1") } as const;
        await stage.decide({ ...answer, choices: [{ labels: ["Red"], text: "" }] });
        const failed = await stage.untilKind("step-failed");
        expect(failed.find(({ kind }) => kind === "step-failed")).toMatchObject({
          failure: {
            reason: refusal === refusals["has become too long"] ? "prompt-too-long" : "conversation-broken",
          },
          agentSessionLost: true,
        });
        // As the server does by itself a few seconds later (D110).
        await stage.decide({ kind: "resume", note: "", fresh: false });
        const events = await stage.until(({ kind }) => kind === "completed");
        const warned = events.flatMap((event) => (event.kind === "warned" ? [event.text] : []));
        expect(warned).toEqual([expect.stringContaining("Step 3 begins a new one")]);
        const told = api.requests.find(({ conversation }) => conversation !== first)?.prompt ?? "";
        expect(told).toContain("## What happened before");
        expect(told).toContain("Answer by Ada: Red");
        expect(api.problems).toEqual([]);
      } finally {
        await api.close();
        await rm(home, { recursive: true, force: true, maxRetries: 5 });
      }
    },
  );
});

/** The CLI's own record of its conversations. */
async function forget(projects: string) {
  for (const name of await readdir(projects))
    for (const file of await readdir(join(projects, name)))
      if (file.endsWith(".jsonl")) await rm(join(projects, name, file));
}
