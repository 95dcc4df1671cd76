import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { StepOrder, StepOutcome } from "#server/ports.ts";
import { councilRoles, question, runStep, stepOrder, verdictSchema } from "#server/agent.contract.ts";
import { roleOf } from "../fakes/messages-api/story.ts";
import { call, calls, say } from "../fakes/messages-api/reply.ts";
import type { ClaudeWorld } from "./claude-world.ts";
import { withEachClaude } from "./claude-world.ts";

const ask = "mcp__amplify__ask_question";
const asking = (text: string) => ({ name: ask, input: { prompts: [{ ...question, text }], context: "Why" } });

withEachClaude((name, makeWorld) => {
  describe(`questions: ${name}`, () => {
    let world: ClaudeWorld;
    beforeEach(async () => {
      world = await makeWorld();
    });
    afterEach(() => world.close());

    /** The order that delivers "Blue" to what was asked. */
    function answerTo(outcome: StepOutcome, asked: StepOrder, fields: Partial<StepOrder> = {}): StepOrder {
      if (outcome.kind !== "asked") throw new Error(`expected a question, got ${JSON.stringify(outcome)}`);
      const { toolUseId, prompts } = outcome;
      return stepOrder(world, {
        step: asked.step + 1,
        mode: "answer",
        agentSession: asked.agentSession,
        answer: { toolUseId, prompts, choices: prompts.map(() => ({ labels: ["Blue"], text: "" })) },
        ...fields,
      });
    }

    test("[A31] of two questions at once one is asked, the other is refused and can be asked later", async () => {
      world.script((turn) => {
        const asks = turn.history.filter((each) => each.name === ask);
        if (asks.length === 0) return calls([asking("First?"), asking("Second?")]);
        const refused = asks.find(({ result }) => result?.text.includes("Another question"));
        const heard = [...asks.map(({ result }) => result?.text ?? ""), ...turn.said].join(" | ");
        if (asks.length === 2 && refused && heard.includes("Answer: Blue")) return call(ask, refused.input);
        return say(`All: ${heard}`);
      });
      const first = stepOrder(world, {});
      const second = answerTo(await runStep(world, first), first);
      const outcome = await runStep(world, second);
      expect(outcome).toMatchObject({ kind: "asked" });
      const last = await runStep(world, answerTo(outcome, second));
      expect(last).toMatchObject({ kind: "finished" });
      const text = last.kind === "finished" ? last.text : "";
      expect(text).toContain("Question: First?\nAnswer: Blue");
      expect(text).toContain("Question: Second?\nAnswer: Blue");
      expect(text).toContain("Another question is waiting");
    });

    test("[A32] an answer reaches the model when another call followed the question in its turn", async () => {
      world.script((turn) => {
        const [asked] = turn.history.filter((each) => each.name === ask);
        if (!asked) return calls([asking("First?"), { name: "Bash", input: { command: "echo beside" } }]);
        return say(`${asked.result?.text ?? ""} ${turn.prompt}`);
      });
      const first = stepOrder(world, {});
      const answering = answerTo(await runStep(world, first), first);
      const command = await world.agent.prepare(answering);
      const outcome = await runStep(world, answering);
      expect(outcome).toMatchObject({ kind: "finished" });
      expect(outcome.kind === "finished" && outcome.text).toContain("Question: First?\nAnswer: Blue");
      // The older version would give the model an internal error, so it gets the answer as an order.
      const asPrompt = command.args.some((argument) => argument.startsWith("Your question was answered"));
      expect(asPrompt).toBe(name === "claude-floor");
      const blind = world.api.requests.some(({ raw }) => raw.includes("missing due to internal error"));
      expect(blind).toBe(name === "claude-floor");
    });

    test("[A32] a model that asks the answered question again gets the answer, not a person", async () => {
      world.script((turn) => {
        const asks = turn.history.filter((each) => each.name === ask);
        const answered = asks.find(({ result }) => result?.text.includes("Answer: Blue"));
        if (asks.length === 0) return calls([asking("First?"), { name: "Bash", input: { command: "true" } }]);
        return answered ? say("Heard it.") : call(ask, asking("First?").input);
      });
      const first = stepOrder(world, {});
      const outcome = await runStep(world, answerTo(await runStep(world, first), first));
      expect(outcome).toMatchObject({ kind: "finished", text: "Heard it." });
    });

    test("[A33] the CLI's own way to ask works the same", async () => {
      world.script((turn) => {
        const [asked] = turn.history.filter((each) => each.name === "AskUserQuestion");
        if (asked) return say(asked.result?.text ?? "");
        const { text, multiple, ...rest } = question;
        return call("AskUserQuestion", { questions: [{ ...rest, question: text, multiSelect: multiple }] });
      });
      const first = stepOrder(world, {});
      const outcome = await runStep(world, first);
      expect(outcome).toMatchObject({ kind: "asked", prompts: [question] });
      const last = await runStep(world, answerTo(outcome, first));
      expect(last).toMatchObject({ kind: "finished" });
      expect(last.kind === "finished" && last.text).toContain("Blue");
    });

    test("[A34] a subagent cannot ask; it is told to hand its question to the agent that called it", async () => {
      world.script((turn) => {
        const inside = turn.prompt.includes("ORDER-OF-THE-SUBAGENT");
        if (inside) {
          const [asked] = turn.calls;
          return asked ? say(`I was told: ${asked.result?.text ?? ""}`) : call(ask, asking("May I?").input);
        }
        const [called] = turn.calls;
        if (called) return say(`It said: ${called.result?.text ?? ""}`);
        return call("Agent", {
          subagent_type: "general-purpose",
          description: "Try",
          prompt: "ORDER-OF-THE-SUBAGENT",
        });
      });
      const outcome = await runStep(world, stepOrder(world, {}));
      expect(outcome).toMatchObject({ kind: "finished" });
      expect(outcome.kind === "finished" && outcome.text).toContain("A subagent cannot ask a person");
    });

    test("[A35] a question that cannot be shown is refused with what is wrong with it", async () => {
      world.script((turn) => {
        const [asked] = turn.calls;
        return asked ? say(asked.result?.text ?? "") : call(ask, { prompts: [] });
      });
      const outcome = await runStep(world, stepOrder(world, {}));
      expect(outcome).toMatchObject({ kind: "finished" });
      expect(outcome.kind === "finished" && outcome.text).toMatch(/prompts/);
    });

    test("[A36] a question inside a council's step keeps the schema over the answer", async () => {
      world.script((turn) => {
        const role = roleOf(turn);
        if (role) {
          const report = { role, verdict: "approve", summary: "", findings: [], responses: [] };
          return say(JSON.stringify(report));
        }
        const [asked] = turn.history.filter((each) => each.name === ask);
        if (!asked) return call(ask, asking("Which?").input);
        const done = turn.history.some((each) => each.name === "StructuredOutput");
        return done ? say("Over.") : call("StructuredOutput", { roles: [] });
      });
      const council = { roles: councilRoles, schema: verdictSchema };
      const first = stepOrder(world, council);
      const outcome = await runStep(world, answerTo(await runStep(world, first), first, council));
      expect(outcome).toMatchObject({ kind: "finished", structured: { roles: [] } });
    });

    test("[A37] the model sees the whole question tool, and never the answers' field", async () => {
      await world.play("finish");
      await runStep(world, stepOrder(world, {}));
      const schema = world.api.requests[0]?.tools.get(ask);
      expect(schema).toMatchObject({
        properties: { prompts: { type: "array" }, context: { type: "string" } },
      });
      expect(Object.keys(schema?.properties as object)).toEqual(["prompts", "context"]);
      expect(world.api.requests[0]?.tools.has("mcp__amplify__permit")).toBe(false);
    });
  });
});
