import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runStep, startStep, stepOrder } from "#server/agent.contract.ts";
import type { Reply } from "../fakes/messages-api/reply.ts";
import { call, refuse, say } from "../fakes/messages-api/reply.ts";
import type { ClaudeWorld } from "./claude-world.ts";
import { withEachClaude } from "./claude-world.ts";

const failures: readonly (readonly [string, Reply, string])[] = [
  ["401", refuse(401, "authentication_error", "invalid x-api-key"), "agent-not-logged-in"],
  [
    "400 for want of credit",
    refuse(400, "invalid_request_error", "Your credit balance is too low to access the API."),
    "credit-exhausted",
  ],
  [
    "400 for length",
    refuse(400, "invalid_request_error", "prompt is too long: 250000 tokens > 200000 maximum"),
    "prompt-too-long",
  ],
  ["429", refuse(429, "rate_limit_error", "rate limited"), "rate-limited"],
  ["500", refuse(500, "api_error", "oops"), "service-error"],
  ["529", refuse(529, "overloaded_error", "Overloaded"), "service-error"],
  ["a connection cut in the middle", { kind: "cut" }, "service-error"],
];

withEachClaude((name, makeWorld) => {
  describe(`failures: ${name}`, () => {
    let world: ClaudeWorld;
    beforeEach(async () => {
      world = await makeWorld();
    });
    afterEach(() => world.close());

    test.each(failures)(
      "[A40] %s of the service fails the step with its own reason",
      async (_what, reply, reason) => {
        world.script(() => reply);
        const outcome = await runStep(world, stepOrder(world, {}));
        expect(outcome).toMatchObject({ kind: "failed", failure: { reason }, agentSessionLost: false });
      },
    );

    test("[A40] an overload that passes is no failure", async () => {
      world.script((_turn, before) =>
        before.length === 0 ? refuse(529, "overloaded_error", "Overloaded") : say("Done."),
      );
      expect(await runStep(world, stepOrder(world, {}))).toMatchObject({ kind: "finished", text: "Done." });
    });

    test("[A41] a budget that is used up fails as that, and its cost is counted", async () => {
      world.script(() => ({
        kind: "message",
        blocks: [{ type: "tool_use", name: "Bash", input: { command: "true" } }],
        usage: { input: 200_000, output: 2000 },
      }));
      const outcome = await runStep(world, stepOrder(world, { budgetUsd: 0.01 }));
      expect(outcome).toMatchObject({ kind: "failed", failure: { reason: "budget-exhausted" } });
      expect(outcome.costUsd).toBeGreaterThan(0.01);
    });

    test("[A41] turns that are used up fail as that", async () => {
      world.script(() => call("Bash", { command: "true" }));
      const outcome = await runStep(world, stepOrder(world, { maxTurns: 2 }));
      expect(outcome).toMatchObject({ kind: "failed", failure: { reason: "turns-exhausted" } });
    });

    test.each(["SIGINT", "SIGTERM"] as const)(
      "[A42] %s ends a step as killed, whatever its exit code",
      async (signal) => {
        const hangs = world.play("hang");
        const order = stepOrder(world, {});
        const running = startStep(order, await world.agent.prepare(order));
        await hangs;
        running.kill(signal);
        const outcome = await world.agent.judge(order, await running.end);
        expect(outcome).toMatchObject({ kind: "failed", failure: { reason: "agent-killed" } });
      },
    );

    test("[A43] a resumed step counts its own cost only", async () => {
      await world.play("finish");
      const first = stepOrder(world, {});
      const { costUsd } = await runStep(world, first);
      const second = await runStep(
        world,
        stepOrder(world, { step: 2, mode: "resume", agentSession: first.agentSession, prompt: "Go on." }),
      );
      expect(costUsd).toBeGreaterThan(0);
      expect(second.costUsd).toBeCloseTo(costUsd, 6);
    });

    test("[A44] the installed program is healthy, and an older one says its limits", async () => {
      const health = await world.agent.health(world.env);
      const limited =
        name === "claude-floor" ? (expect.stringContaining("2.1.330 or newer") as string) : null;
      expect(health).toMatchObject({ ok: true, problem: limited });
    });
  });
});
