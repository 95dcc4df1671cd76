import { readFile, realpath } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ReadOutput, SessionView } from "#lib/contract/wire.ts";
import { goodDay } from "../fakes/messages-api/story.ts";
import { createHouse, writeTool } from "../fixtures/house.ts";
import { createRealHouse, type RealHouse } from "../fixtures/real-house.ts";
import { findTool } from "../fixtures/tools.ts";

const claude = findTool("claude-latest");
const bd = findTool("bd-sqlite");
const quiet = { ...goodDay, question: null };
const limit = { timeout: 240_000 };

const status = async (house: RealHouse, id: string) =>
  (await house.json<ReadOutput<"session">>("session", "status", id)).session;

async function reach(house: RealHouse, id: string, wanted: SessionView["status"]): Promise<SessionView> {
  return house.until(`${id} is ${wanted}`, async () => {
    const session = await status(house, id);
    if (session.status === "failed" && wanted !== "failed") throw new Error(JSON.stringify(session.reason));
    return session.status === wanted ? session : null;
  });
}

describe("day one, with the specification in hand", () => {
  it("[E10] session status shows four groups with zeros where nothing is registered", limit, async () => {
    await using house = await createHouse({ tools: {} });
    const { exit, stdout } = await house.amplify("session", "status");
    expect(exit).toBe(0);
    for (const group of ["Active", "Questions", "Awaiting review", "Ready to merge"]) {
      expect(stdout).toContain(`${group} (0)`);
    }
  });

  it.skipIf(!bd)("[E11] the agent is started with both flags, in its worktree", limit, async () => {
    await using work = await createHouse({ tools: {} });
    const record = join(work.repository.path, "..", "arguments");
    const fake = await writeTool(
      join(work.repository.path, "..", "fake"),
      "claude",
      `#!/bin/sh\n[ "$1" = --version ] && { echo "2.1.330 (Claude Code)"; exit 0; }\n{ pwd; printf '%s\\n' "$@"; } > ${record}\necho done\n`,
    );
    await using house = await createRealHouse({ story: quiet, bd: bd!, claude: fake, era: "sqlite" });
    // Children of an epic have a dot in their id.
    await house.createItem({ title: "Let people log in", type: "epic", id: "bd-auth" });
    const item = await house.createItem({ title: "Paint the banner", id: "bd-auth.1" });
    expect(item).toBe("bd-auth.1");

    const refused = await house.amplify("session", "dispatch", item, "nosuch-type");
    expect(refused.exit).not.toBe(0);
    expect(refused.stderr).toContain("backend-engineer");
    expect((await house.item(item)).status).toBe("open");

    const { exit, stdout } = await house.amplify("session", "dispatch", item, "backend-engineer");
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^session-bd-auth-1-[a-z0-9]{6}$/m);
    // A program that prints no stream and exits 0 is not a success.
    const session = await reach(house, item, "failed");
    expect(session.reason?.code).toBe("agent-no-result");
    expect(await house.repository.git("worktree", "list")).toContain(`.worktrees/${item}`);
    expect(await house.repository.git("status", "--porcelain", "--", ":!.beads")).toBe("");
    const [folder, ...args] = (await readFile(record, "utf8")).trimEnd().split("\n");
    expect(folder).toBe(await realpath(join(house.repository.path, ".worktrees", item)));
    expect(args).toContain("--dangerously-skip-permissions");
    expect(args).toContain("-p");
  });

  it.skipIf(!bd || !claude)(
    "[E12] a killed agent is found by cleanup, and the item can be dispatched again",
    limit,
    async () => {
      const slow = { ...quiet, command: "sleep 600" };
      await using house = await createRealHouse({ story: slow, bd: bd!, claude: claude!, era: "sqlite" });
      const item = await house.createItem({ title: "Paint the banner" });
      expect(await house.amplify("session", "dispatch", item)).toMatchObject({ exit: 0 });
      const { pid } = await house.until("the agent", async () => {
        const session = await status(house, item);
        return session.pid === null ? null : { pid: session.pid };
      });
      process.kill(pid, "SIGKILL");
      await house.until("failed", async () => {
        expect(await house.amplify("session", "cleanup")).toMatchObject({ exit: 0 });
        const session = await status(house, item);
        return session.status === "failed" ? session : null;
      });
      const again = await house.amplify("session", "dispatch", item);
      expect(again, again.stderr).toMatchObject({ exit: 0 });
      expect(await house.amplify("session", "stop", item, "--discard")).toMatchObject({ exit: 0 });
      await reach(house, item, "stopped");
    },
  );

  it.skipIf(!bd || !claude)(
    "[E13] two land in one command, a third by hand, a fourth conflicts",
    limit,
    async () => {
      // Every session writes its own note; those with the label also change one shared file.
      const story = {
        ...quiet,
        command: [
          'ITEM=$(basename "$PWD")',
          'mkdir -p notes && echo "$ITEM" > "notes/$ITEM.md"',
          'case "$(git log -1 --format=%s HEAD)" in *conflict*) ;; esac',
          'if [ -e shared.txt ]; then echo "$ITEM" > shared.txt; fi',
          "git add -A notes shared.txt 2>/dev/null || git add -A notes",
          'git -c user.name=Agent -c user.email=agent@example.com commit -q -m "$ITEM: note"',
        ].join("\n"),
      };
      await using house = await createRealHouse({ story, bd: bd!, claude: claude!, era: "sqlite" });
      const items = [];
      for (const title of ["Paint", "Hang", "Clean"])
        items.push(await house.createItem({ title: `${title} the banner` }));
      for (const item of items)
        expect(await house.amplify("session", "dispatch", item)).toMatchObject({ exit: 0 });
      const [first, second, third] = items as [string, string, string];
      for (const item of items) await reach(house, item, "approved");

      // The third by hand, as the specification shows it.
      const log = await status(house, third);
      await house.repository.git("merge", "--no-ff", log.branch, "-m", `Merge ${third}: by hand`);
      await house.run("bd", "close", third, "--reason", "Merged to main");
      await house.repository.git("worktree", "remove", `.worktrees/${third}`);
      const byHand = await house.until("merged by hand", async () => {
        const session = await status(house, third);
        return session.status === "merged" ? session : null;
      });
      expect(byHand.byHand).toBe(true);

      const merged = await house.amplify("session", "merge");
      expect(merged, merged.stdout + merged.stderr).toMatchObject({ exit: 0 });
      const subjects = (await house.repository.git("log", "--merges", "-2", "--format=%s|%P")).split("\n");
      expect(subjects).toHaveLength(2);
      for (const line of subjects) {
        expect(line).toMatch(/^Merge bd-\S+: /);
        expect(line.split("|")[1]?.split(" ")).toHaveLength(2);
      }
      for (const item of [first, second, third]) expect((await house.item(item)).status).toBe("closed");
      expect((await house.repository.git("worktree", "list")).split("\n")).toHaveLength(1);

      // A conflict: main changes the same file while the session works.
      await house.repository.write("shared.txt", "before\n");
      await house.repository.git("add", "shared.txt");
      await house.repository.git("commit", "-q", "-m", "Add the shared file");
      const fourth = await house.createItem({ title: "Fight over the file" });
      expect(await house.amplify("session", "dispatch", fourth)).toMatchObject({ exit: 0 });
      await reach(house, fourth, "approved");
      await house.repository.write("shared.txt", "main's own\n");
      await house.repository.git("commit", "-q", "-am", "Change the shared file");
      const before = await house.repository.git("status", "--porcelain");
      const refused = await house.amplify("session", "merge", fourth);
      const { session: conflicted } = await house.json<ReadOutput<"session">>("session", "status", fourth);
      expect(refused.exit, refused.stdout + refused.stderr).not.toBe(0);
      expect(conflicted.status, refused.stdout + refused.stderr).toBe("failed");
      expect(conflicted.reason?.code).toBe("merge-conflict");
      expect(conflicted.reason?.detail).toContain("shared.txt");
      expect(await house.repository.git("status", "--porcelain")).toBe(before);
      expect(await house.repository.git("show", "HEAD:shared.txt")).toBe("main's own");
      // The item stays the session's, and dispatching it again starts over on the new base.
      expect(await house.item(fourth)).toMatchObject({
        status: "in_progress",
        assignee: `amplify/${conflicted.id}`,
      });
      expect(await house.amplify("session", "dispatch", fourth)).toMatchObject({ exit: 0 });
      await reach(house, fourth, "approved");
      expect(await house.amplify("session", "merge", fourth)).toMatchObject({ exit: 0 });
    },
  );

  it.skipIf(!bd || !claude)("[E14] session review starts nothing and says so", limit, async () => {
    await using house = await createRealHouse({ story: quiet, bd: bd!, claude: claude!, era: "sqlite" });
    const item = await house.createItem({ title: "Paint the banner" });
    await house.amplify("session", "dispatch", item);
    await reach(house, item, "approved");
    const requests = house.api.requests.length;
    const { exit, stdout } = await house.amplify("session", "review");
    expect(exit).toBe(0);
    expect(stdout).toContain("run by themselves");
    expect(stdout).toContain("APPROVED");
    expect(house.api.requests.length).toBe(requests);
    // orchestrator.json lists it, after a restart of the server too.
    await house.amplify("serve", "--stop");
    await house.amplify("session", "status");
    const { directory } = await status(house, item);
    const orchestrator = await readFile(join(directory, "..", "..", "orchestrator.json"), "utf8");
    expect(orchestrator).toContain(item);
  });
});
