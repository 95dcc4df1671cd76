import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ReadOutput } from "#lib/contract/wire.ts";
import { goodDay, type Story } from "../fakes/messages-api/story.ts";
import { createRealHouse, type RealHouse } from "../fixtures/real-house.ts";
import { findTool } from "../fixtures/tools.ts";

const claude = findTool("claude-latest");
const bd = findTool("bd-sqlite");
const limit = { timeout: 240_000 };
const quiet: Story = { ...goodDay, question: null };

type Detail = ReadOutput<"session">;
const detailOf = (house: RealHouse, id: string) => house.json<Detail>("session", "status", id);

async function started(story: Story, env: Record<string, string> = {}) {
  const house = await createRealHouse({ story, bd: bd!, claude: claude!, era: "sqlite", env });
  const item = await house.createItem({ title: "Paint the banner" });
  expect(await house.amplify("session", "dispatch", item)).toMatchObject({ exit: 0 });
  return { house, item };
}

/** Ends a process of the house at once, as a power cut would. */
async function kill(house: RealHouse, name: "server" | "runner") {
  const { pid } = JSON.parse(await readFile(join(house.home, "run", `${name}.json`), "utf8")) as {
    pid: number;
  };
  process.kill(pid, "SIGKILL");
}

describe.skipIf(!claude || !bd)("bad days with the real agent", () => {
  it("[E30] a question outlives server and runner, and its answer finishes the work", limit, async () => {
    const { house, item } = await started(goodDay);
    await using _ = house;
    await house.until("the question", async () => {
      const { session } = await detailOf(house, item);
      return session.status === "waiting" ? session : null;
    });
    await kill(house, "server");
    await kill(house, "runner");
    const { session, questions } = await detailOf(house, item);
    expect(session.status).toBe("waiting");
    expect(questions).toMatchObject([{ id: "q-1", status: "open" }]);
    expect(await house.amplify("session", "answer", "Red")).toMatchObject({ exit: 0, stdout: "delivered\n" });
    const again = await house.amplify("session", "answer", session.id, "q-1", "Blue");
    expect(again.exit).toBe(1);
    expect(again.stderr).toMatch(/answered/);
    await house.until("approval", async () => {
      const { session: view } = await detailOf(house, item);
      expect(view.status, view.reason?.detail).not.toBe("failed");
      return view.status === "approved" ? view : null;
    });
    const merged = await house.amplify("session", "merge");
    expect(merged, merged.stdout + merged.stderr).toMatchObject({ exit: 0 });
    expect(await readFile(join(house.repository.path, "notes", `${item}.md`), "utf8")).toContain("Red");
  });

  it("[E31] the server dies while the agent works, and nothing of its log is lost", limit, async () => {
    const { house, item } = await started({
      ...quiet,
      command: `for i in $(seq 1 40); do echo "line $i"; sleep 0.1; done; mkdir -p notes; echo x > notes/x.md; git add notes; git -c user.name=A -c user.email=a@example.com commit -qm "Add notes"`,
    });
    await using _ = house;
    await house.until("the agent", async () =>
      (await detailOf(house, item)).session.pid === null ? null : true,
    );
    await kill(house, "server");
    await house.until("approval", async () => {
      const { session } = await detailOf(house, item);
      expect(session.status, session.reason?.detail).not.toBe("failed");
      return session.status === "approved" ? session : null;
    });
    const { session, timeline } = await detailOf(house, item);
    const log = await readFile(join(session.directory, "output.log"), "utf8");
    expect(log).toContain("line 1");
    expect(log.trimEnd().split("\n").at(-1)).toBe("REVIEW_VERDICT: APPROVED");
    expect(timeline.filter(({ kind }) => kind === "prepared")).toHaveLength(1);
  });

  it("[E32] a council without a verdict is asked again once, and then a person decides", limit, async () => {
    const { house, item } = await started({
      ...quiet,
      sayings: { implementer: ["approve"], "peer-reviewer": ["mute"], "tech-lead": ["approve"] },
    });
    await using _ = house;
    const failed = await house.until("no verdict", async () => {
      const { session } = await detailOf(house, item);
      expect(session.status).not.toBe("approved");
      return session.status === "failed" ? session : null;
    });
    expect(failed.reason?.code).toBe("no-verdict");
    const log = await readFile(join(failed.directory, "output.log"), "utf8");
    expect(log).not.toMatch(/^REVIEW_VERDICT/m);
    expect((await house.amplify("session", "merge", item)).exit).toBe(1);
  });

  it("[E33] a failing service fails the session with its reason, and a resume goes on", limit, async () => {
    const { house, item } = await started(
      {
        ...quiet,
        failure: { phase: "work", status: 529, type: "overloaded_error", message: "Overloaded", times: 2 },
      },
      { CLAUDE_CODE_MAX_RETRIES: "1" },
    );
    await using _ = house;
    const outcome = await house.until("an end", async () => {
      const { session } = await detailOf(house, item);
      return ["failed", "approved"].includes(session.status) ? session : null;
    });
    if (outcome.status === "failed") {
      expect(outcome.reason?.code).toBe("service-error");
      expect(await house.amplify("session", "resume", item)).toMatchObject({ exit: 0 });
    }
    await house.until("approval", async () => {
      const { session } = await detailOf(house, item);
      return session.status === "approved" ? session : null;
    });
  });
});
