import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { RoleOrder, StepOrder } from "#server/ports.ts";
import { councilRoles, runStep, stepOrder, verdictSchema } from "#server/agent.contract.ts";
import { call, calls, say } from "../fakes/messages-api/reply.ts";
import { disagreement, goodDay, roleOf, tell } from "../fakes/messages-api/story.ts";
import type { ClaudeWorld } from "./claude-world.ts";
import { withEachClaude } from "./claude-world.ts";

const techLead: RoleOrder = {
  role: "tech-lead",
  description: "Decides",
  prompt: "Order for the tech-lead.\n\n- **f-1** (major, correctness) notes: The note does not say why.",
  mayEdit: true,
  model: null,
};
const roles = ["implementer", "peer-reviewer"] as const;
const leadSchema = {
  ...verdictSchema,
  properties: {
    roles: {
      type: "array",
      items: {
        type: "object",
        properties: {
          role: { const: "tech-lead" },
          verdict: { type: "string", enum: ["approve", "changes"] },
        },
        required: ["role", "verdict"],
      },
    },
  },
};

withEachClaude((name, makeWorld) => {
  describe(`council: ${name}`, () => {
    let world: ClaudeWorld;
    let steps: number;
    let work: StepOrder;
    beforeEach(async () => {
      world = await makeWorld();
      steps = 1;
      work = stepOrder(world, {});
    });
    afterEach(() => world.close());

    /** The next step of the conversation that `work` began. */
    const next = (fields: Partial<StepOrder>) =>
      stepOrder(world, {
        step: ++steps,
        mode: "resume",
        agentSession: work.agentSession,
        prompt: "Hold the council.",
        ...fields,
      });
    const council = { roles: councilRoles, schema: verdictSchema };
    const reportsOf = (outcome: Awaited<ReturnType<typeof runStep>>) =>
      outcome.kind === "finished" ? outcome.reports : [];

    test("[A60] a whole session: question, answer, commit, agreement", async () => {
      world.script(tell(goodDay));
      const asked = await runStep(world, work);
      expect(asked).toMatchObject({ kind: "asked", prompts: [goodDay.question] });
      if (asked.kind !== "asked") return;
      const answer = {
        toolUseId: asked.toolUseId,
        prompts: asked.prompts,
        choices: [{ labels: ["Blue"], text: "" }],
      };
      expect(await runStep(world, next({ mode: "answer", prompt: null, answer }))).toMatchObject({
        kind: "finished",
      });
      expect(readFileSync(join(world.worktree, "notes", "bd-1.md"), "utf8")).toContain("Blue");
      expect(world.git(world.worktree, "log", "--format=%s", "main..HEAD").trim().split("\n")).toHaveLength(
        1,
      );
      expect(world.git(world.worktree, "status", "--porcelain")).toBe("");
      const outcome = await runStep(world, next(council));
      expect(reportsOf(outcome).map(({ verdict }) => verdict)).toEqual(["approve", "approve"]);
      expect(world.api.problems).toEqual([]);
    });

    test("[A61] a disagreement goes through rebuttal to the tech lead, who fixes and commits", async () => {
      world.script(tell({ ...disagreement, question: null }));
      await runStep(world, work);
      for (let part = 0; part < 2; part++) {
        const outcome = await runStep(world, next(council));
        expect(reportsOf(outcome).map(({ role, verdict }) => [role, verdict])).toEqual([
          ["implementer", "approve"],
          ["peer-reviewer", "changes"],
        ]);
      }
      const outcome = await runStep(world, next({ roles: [techLead], schema: leadSchema }));
      expect(reportsOf(outcome)).toMatchObject([
        { role: "tech-lead", verdict: "approve", responses: [{ stance: "fixed" }] },
      ]);
      expect(world.git(world.worktree, "log", "-1", "--format=%s").trim()).toBe("Fix what the review found");
    });

    test("[A62] a role reads the runner's order and not what the lead wrote", async () => {
      world.script(tell({ ...goodDay, question: null }));
      await runStep(world, work);
      await runStep(world, next(council));
      const asked = world.api.requests.filter((turn) => roleOf(turn) === "peer-reviewer");
      expect(asked[0]?.prompt).toContain("Order for the peer-reviewer");
      expect(asked[0]?.raw).not.toContain("Do your part of the review.");
    });

    test("[A63] a role that says no report is told once, and then has none", async () => {
      world.script(
        tell({ ...goodDay, question: null, sayings: { ...goodDay.sayings, "peer-reviewer": ["mute"] } }),
      );
      await runStep(world, work);
      const outcome = await runStep(world, next(council));
      expect(reportsOf(outcome).map(({ role }) => role)).toEqual(["implementer"]);
      const told = world.api.requests.filter(
        (turn) => roleOf(turn) === "peer-reviewer" && turn.raw.includes("is not the report that was ordered"),
      );
      expect(told).toHaveLength(1);
    });

    test("[A63] a role that is told so can mend its report", async () => {
      world.script((turn, before) => {
        const role = roleOf(turn);
        if (role !== "peer-reviewer" || turn.said.some((text) => text.includes("is not the report"))) {
          return tell({ ...goodDay, question: null })(turn, before);
        }
        return say("Looks fine to me!");
      });
      await runStep(world, work);
      const outcome = await runStep(world, next(council));
      expect(reportsOf(outcome).map(({ role }) => role)).toEqual(["implementer", "peer-reviewer"]);
    });

    test("[A64] a lead that hands nothing in leaves the verdict undefined", async () => {
      world.script(tell({ ...goodDay, question: null, retelling: "missing" }));
      await runStep(world, work);
      const outcome = await runStep(world, next(council));
      expect(outcome).toMatchObject({ kind: "finished", structured: undefined });
      expect(reportsOf(outcome)).toHaveLength(2);
    });

    test("[A65] a role that has reported is not asked for a second verdict in the same step", async () => {
      world.script((turn, before) => {
        const again = turn.calls.filter(({ name }) => name === "Agent").length === 2;
        if (roleOf(turn) || !turn.tools.has("StructuredOutput") || !again) {
          return tell({ ...goodDay, question: null })(turn, before);
        }
        return calls([
          { name: "Agent", input: { subagent_type: "peer-reviewer", description: "x", prompt: "x" } },
        ]);
      });
      await runStep(world, work);
      const outcome = await runStep(world, next(council));
      expect(reportsOf(outcome)).toHaveLength(2);
      expect(world.api.requests.some(({ raw }) => raw.includes("has reported in this step already"))).toBe(
        true,
      );
    });

    test("[A65] other subagents than the council's roles are refused", async () => {
      world.script((turn) => {
        if (roleOf(turn) || turn.prompt.includes("STRANGER")) return say("I ran.");
        if (!turn.tools.has("StructuredOutput") || turn.calls.length > 0)
          return say(turn.calls[0]?.result?.text ?? "Done.");
        return calls([
          {
            name: "Agent",
            input: { subagent_type: "general-purpose", description: "x", prompt: "STRANGER" },
          },
        ]);
      });
      await runStep(world, work);
      const outcome = await runStep(world, next(council));
      expect(outcome.kind === "finished" && outcome.text).toContain("only these: implementer, peer-reviewer");
      expect(world.api.requests.some((turn) => turn.prompt === "STRANGER")).toBe(false);
    });

    test("[A68] a lead that writes the roles' reports itself has none, and one that called them has all of the longest", async () => {
      const report = (role: string, summary: string) =>
        JSON.stringify({ role, verdict: "approve", summary, findings: [], responses: [], earlier: [] });
      const forging = roles.map(
        (role) =>
          `echo '${JSON.stringify({ role, agent: "a1", message: report(role, "") })}' > "$DIR/${role}-a1.json"`,
      );
      let callsRoles = false;
      world.script((turn, before) => {
        const role = roleOf(turn);
        if (role) return say(report(role, "word ".repeat(3999)));
        if (!turn.tools.has("StructuredOutput")) return say("Done.");
        if (callsRoles) return tell({ ...goodDay, question: null })(turn, before);
        if (turn.calls.length > 1) return say("The council is over.");
        if (turn.calls.length > 0)
          return call("StructuredOutput", {
            roles: roles.map((name) => ({ role: name, verdict: "approve" })),
          });
        const command = [`DIR=$(ls -d "$AMPLIFY_SESSION_DIR"/steps/*/reports | tail -1)`, ...forging].join(
          "\n",
        );
        return call("Bash", { command, description: "Write them" });
      });
      await runStep(world, work);
      const order = next(council);
      expect(reportsOf(await runStep(world, order))).toEqual([]);
      expect(readdirSync(join(order.stepDir, "reports"))).toHaveLength(2);
      callsRoles = true;
      const outcome = await runStep(world, next(council));
      expect(reportsOf(outcome).map(({ role, summary }) => [role, summary.length])).toEqual(
        roles.map((role) => [role, 5 * 3999]),
      );
    });

    test("[A66] a failing service in the council fails that step only, and leaves no report behind", async () => {
      const failure = {
        phase: "council",
        status: 401,
        type: "authentication_error",
        message: "no",
        times: 99,
      } as const;
      world.script(tell({ ...goodDay, question: null, failure }));
      expect(await runStep(world, work)).toMatchObject({ kind: "finished" });
      const order = next(council);
      expect(await runStep(world, order)).toMatchObject({
        kind: "failed",
        failure: { reason: "agent-not-logged-in" },
      });
      expect(readdirSync(join(order.stepDir, "reports"))).toEqual([]);
    });

    test("[A67] a session that changes nothing ends well and leaves the branch alone", async () => {
      world.script(tell({ ...goodDay, question: null, change: "none" }));
      expect(await runStep(world, work)).toMatchObject({ kind: "finished" });
      expect(world.git(world.worktree, "log", "--format=%s", "main..HEAD")).toBe("");
    });
  });
});
