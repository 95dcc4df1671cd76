import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { ReadOutput } from "#lib/contract/wire.ts";
import { asks, createRehearsalHouse } from "./fixtures/rehearsal-house.ts";

const slow = { timeout: 120_000 };
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

describe("what changes meanwhile", () => {
  it(
    "[Z14] an item that is closed or blocked while its session is queued is not begun, and is free again",
    slow,
    async () => {
      await using house = await createRehearsalHouse({ config: { limits: { sessions: 1 } } });
      const busy = await house.bring("running", "Keep the place", "fail: hang");
      const closed = await house.createItem("Closed meanwhile");
      const blocked = await house.createItem("Blocked meanwhile");
      const blocker = await house.createItem("Comes first");
      for (const item of [closed, blocked]) {
        expect(await house.amplify("session", "dispatch", item)).toMatchObject({ exit: 0 });
        expect((await house.session(item)).status).toBe("queued");
      }
      await house.amplify("item", "close", closed);
      await house.amplify("item", "dep", blocked, blocker);
      expect(await house.amplify("session", "stop", busy.id)).toMatchObject({ exit: 0 });
      expect((await house.reach(closed, "failed")).reason).toMatchObject({
        code: "not-ready",
        detail: expect.stringContaining("closed") as string,
      });
      expect((await house.reach(blocked, "failed")).reason).toMatchObject({
        code: "not-ready",
        detail: expect.stringContaining(`blocked by ${blocker}`) as string,
      });
      expect(await house.repository.git("worktree", "list")).not.toContain(closed);
      await house.amplify("item", "dep", blocked, blocker, "--remove");
      await house.until("free", async () =>
        (await house.amplify("session", "dispatch", blocked)).exit === 0 ? true : null,
      );
      await house.reach(blocked, "approved");
    },
  );

  it(
    "[Z15] a conflict that is sent back reaches the agent with its files and the note, and lands after a new review",
    slow,
    async () => {
      await using house = await createRehearsalHouse();
      const { repository } = house;
      const session = await house.bring(
        "approved",
        "Change the first line",
        "conflict: README.md\ncommit: Change it",
      );
      await repository.write("README.md", "# Main's own\n");
      await repository.git("commit", "-q", "-am", "Change the same line");
      const before = await repository.git("status", "--porcelain");
      const refused = await house.amplify("session", "merge", session.id);
      expect(refused.exit).toBe(1);
      expect(refused.stdout).toContain("README.md");
      expect(await repository.git("status", "--porcelain")).toBe(before);
      const { reason } = await house.reach(session.id, "failed");
      expect(reason).toMatchObject({ code: "merge-conflict" });

      const client = await house.client();
      await client.command("session:rework", { session: session.id, note: "Keep both lines." });
      await house.until("the runner takes it up", async () =>
        (await house.session(session.id)).status === "failed" ? null : true,
      );
      await house.reach(session.id, "approved");
      const log = await readFile(join(session.directory, "output.log"), "utf8");
      expect(log).toMatch(/base [0-9a-f]{12} conflicts in README\.md/);
      const { steps, reviews } = await house.json<ReadOutput<"session">>("session", "status", session.id);
      const merging = steps.find(({ purpose }) => purpose.includes("merging the base"))!;
      const folder = join(session.directory, "steps", String(merging.number).padStart(3, "0"));
      const prompt = await readFile(join(folder, "prompt.md"), "utf8");
      expect(prompt).toMatch(/conflicts in:\n- README\.md/);
      expect(prompt).toContain("Keep both lines.");
      expect(reviews).toHaveLength(2);
      expect(await house.amplify("session", "merge", session.id)).toMatchObject({ exit: 0 });
      const merged = await repository.git("show", "HEAD:README.md");
      expect(merged).toContain("# Main's own");
      expect(merged).toContain("Change the first line");
    },
  );

  it(
    "[Z16] an approved worktree goes with a plain `git worktree remove`, whatever validation left in it",
    slow,
    async () => {
      const config = {
        validate: ["mkdir -p coverage && echo 1 > coverage/report.txt && echo more >> README.md"],
      };
      await using house = await createRehearsalHouse({ config });
      const { repository } = house;
      const session = await house.bring("approved", "Leave traces");
      expect(await repository.git("worktree", "list", "--porcelain")).not.toMatch(/^locked/m);
      await repository.git("worktree", "remove", session.worktree);
      const [ref] = (
        await repository.git("for-each-ref", "--format=%(refname)", "refs/amplify/archive")
      ).split("\n");
      expect(await repository.git("show", `${ref!}:coverage/report.txt`)).toBe("1");
      expect(await repository.git("show", `${session.branch}:README.md`)).toBe("# Sample");
    },
  );
});

describe("the server", () => {
  it(
    "[Z21] a foreground server takes over from a command's own, and no session notices; a third is refused",
    slow,
    async () => {
      await using house = await createRehearsalHouse();
      const waiting = await house.bring("waiting", "Ask first", asks);
      const working = await house.bring("running", "Never end", "say: At work.\nfail: hang");
      const agent = await house.until("the agent", async () => (await house.session(working.id)).pid);
      const before = await house.pidOf("server");
      const server = spawn(process.execPath, [here("../dist/server.js"), "--headless"], {
        env: { NODE_ENV: "production", ...house.env },
        cwd: "/",
        stdio: ["ignore", "pipe", "pipe"],
      });
      try {
        await once(server.stdout, "data");
        expect(await house.pidOf("server")).toBe(server.pid);
        expect(before).not.toBe(server.pid);
        const third = await house.amplify("serve");
        expect(third.exit).toBe(3);
        expect(third.stderr).toMatch(new RegExp(`pid ${server.pid}, http://127\\.0\\.0\\.1:\\d+`));
        expect(await house.session(working.id)).toMatchObject({ status: "running", pid: agent });
        await house.amplify("session", "answer", waiting.id, "q-1", "red");
        await house.reach(waiting.id, "approved");
        expect(await house.amplify("session", "stop", working.id)).toMatchObject({ exit: 0 });
        await house.reach(working.id, "stopped");
      } finally {
        const ended = once(server, "exit");
        server.kill("SIGTERM");
        await ended;
      }
    },
  );
});
