import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createClaude } from "#server/adapters/agents/claude/claude.ts";
import { runStep, startStep, stepOrder } from "#server/agent.contract.ts";
import { call, say } from "../fakes/messages-api/reply.ts";
import type { ClaudeWorld } from "./claude-world.ts";
import { withEachClaude } from "./claude-world.ts";

withEachClaude((name, makeWorld) => {
  describe(`isolation: ${name}`, () => {
    let world: ClaudeWorld;
    beforeEach(async () => {
      world = await makeWorld();
    });
    afterEach(() => world.close());

    /** What reached the model in the last request. */
    const lastRequest = () => world.api.requests.at(-1)?.raw ?? "";

    test("[A50] nothing that one session notes down reaches a second session", async () => {
      const secret = "the first session was here";
      world.script((turn) => {
        if (turn.calls.length > 0) return say("Done.");
        const folder = /\S*\/\.claude\/projects\/\S*\/memory/.exec(turn.raw)?.[0];
        // Where the program offers no folder, a stubborn session writes where the program would look.
        const fallback = `"$HOME/.claude/projects/${world.repository.replace(/[/.]/g, "-")}/memory"`;
        return call("Bash", {
          command: `d=${folder ?? fallback}; mkdir -p "$d" && echo "${secret}" | tee "$d/MEMORY.md" "$HOME/.claude/projects/MEMORY.md"`,
        });
      });
      expect(await runStep(world, stepOrder(world, {}))).toMatchObject({ kind: "finished" });
      const projects = join(world.env.HOME ?? "", ".claude", "projects");
      const kept = readdirSync(projects, { recursive: true, encoding: "utf8" }).filter((file) =>
        file.endsWith("MEMORY.md"),
      );
      expect(kept).toHaveLength(2);

      const other = join(world.repository, ".worktrees", "bd-2");
      world.git(world.repository, "worktree", "add", "-q", "-b", "amplify/bd-2", other);
      await world.play("finish");
      const before = world.api.requests.length;
      await runStep(world, stepOrder(world, { step: 2, worktree: other, prompt: "Begin." }));
      expect(world.api.requests.length).toBeGreaterThan(before);
      for (const { raw } of world.api.requests.slice(before)) expect(raw).not.toContain(secret);
    });

    test("[A50] the proof has teeth: without our switch the second session reads it", async () => {
      const folder = join(
        world.env.HOME ?? "",
        ".claude",
        "projects",
        world.repository.replace(/[/.]/g, "-"),
        "memory",
      );
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "MEMORY.md"), "- [Note](note.md) the first session was here\n");
      const order = stepOrder(world, {});
      const command = await world.agent.prepare(order);
      const env = { ...command.env, CLAUDE_CODE_DISABLE_AUTO_MEMORY: "0" };
      await startStep(order, { ...command, env }).end;
      expect(lastRequest()).toContain("the first session was here");
    });

    test("[A51] the repository's CLAUDE.md reaches the model; its hooks and servers do not run", async () => {
      const canary = (what: string) => join(world.root, `canary-${what}`);
      mkdirSync(join(world.worktree, ".claude"));
      const touch = (what: string) => [{ hooks: [{ type: "command", command: `touch ${canary(what)}` }] }];
      writeFileSync(
        join(world.worktree, ".claude", "settings.json"),
        JSON.stringify({
          env: { CANARY: "1" },
          hooks: {
            SessionStart: touch("session"),
            UserPromptSubmit: touch("prompt"),
            PreToolUse: touch("tool"),
            Stop: touch("stop"),
          },
        }),
      );
      const server = join(world.worktree, "server.sh");
      writeFileSync(server, `#!/bin/sh\ntouch ${canary("server")}\n`);
      chmodSync(server, 0o755);
      writeFileSync(
        join(world.worktree, ".mcp.json"),
        JSON.stringify({ mcpServers: { theirs: { command: server } } }),
      );
      world.script((turn) => (turn.calls.length > 0 ? say("Done.") : call("Bash", { command: "true" })));
      expect(await runStep(world, stepOrder(world, {}))).toMatchObject({ kind: "finished" });
      const ran = ["session", "prompt", "tool", "stop", "server"].filter((what) => existsSync(canary(what)));
      expect(ran).toEqual([]);
      expect(world.api.requests[0]?.raw).toContain("HOUSE-RULE-7");
    });

    test("[A51] the proof has teeth: the same repository's hooks run where its settings are taken", async () => {
      const canary = join(world.root, "canary");
      mkdirSync(join(world.worktree, ".claude"));
      const hooks = { SessionStart: [{ hooks: [{ type: "command", command: `touch ${canary}` }] }] };
      writeFileSync(join(world.worktree, ".claude", "settings.json"), JSON.stringify({ hooks }));
      const order = stepOrder(world, {});
      const command = await world.agent.prepare(order);
      const args = command.args.map((argument) => (argument === "user" ? "user,project" : argument));
      await startStep(order, { ...command, args }).end;
      expect(existsSync(canary)).toBe(true);
    });

    test("[A52] the agent gets the variables of its order and ours, and no other", async () => {
      world.script((turn) =>
        turn.calls.length > 0
          ? say(turn.calls[0]?.result?.text ?? "")
          : call("Bash", { command: "env | cut -d= -f1 | sort" }),
      );
      process.env.AMPLIFY_TEST_SECRET = "1";
      const outcome = await runStep(world, stepOrder(world, {}));
      delete process.env.AMPLIFY_TEST_SECRET;
      const names = outcome.kind === "finished" ? outcome.text.split("\n") : [];
      expect(names).toContain("AMPLIFY_SESSION_DIR");
      expect(names).not.toContain("AMPLIFY_TEST_SECRET");
    });

    test("[A53] a program that records its arguments sees both flags, the prompt as one of them, and the worktree", async () => {
      const recorder = join(world.root, "claude");
      const record = join(world.root, "record");
      writeFileSync(recorder, `#!/bin/sh\nprintf '%s\\n' "$PWD" "$@" > ${record}\n`);
      chmodSync(recorder, 0o755);
      const agent = createClaude({ toolsDir: "/nowhere" });
      const order = stepOrder(world, {
        prompt: '--help me; $(touch x) `y` "z"',
        env: { ...world.env, PATH: `${world.root}:${world.env.PATH ?? ""}` },
      });
      const end = await startStep(order, await agent.prepare(order)).end;
      const [folder, ...args] = readFileSync(record, "utf8").split("\n");
      expect(folder).toBe(world.worktree);
      expect(args.slice(0, 5)).toEqual([
        "--dangerously-skip-permissions",
        "-p",
        "Your order:",
        "",
        '--help me; $(touch x) `y` "z"',
      ]);
      expect(await agent.judge(order, end)).toMatchObject({ failure: { reason: "agent-no-result" } });
    });
  });
});
