import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { createHouse, writeTool } from "./fixtures/house.ts";
import { createRehearsalHouse } from "./fixtures/rehearsal-house.ts";

const slow = { timeout: 120_000 };
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const recording = (name: string) => here(`fixtures/recordings/claude/${name}.jsonl`);

describe("the agent's program", () => {
  it(
    "[Z11] each way in which it cannot work is told with what to do, and nothing is given up",
    slow,
    async () => {
      await using tools = await createHouse({ tools: {} });
      const modes = join(tools.home, "..");
      const claude = await writeTool(
        modes,
        "claude",
        `#!/bin/sh
if [ "$1" = --version ]; then echo "2.0.1 (Claude Code)"; exit 0; fi
mode=$(cat "${modes}/$(basename "$PWD")")
case $mode in
  old) echo "error: unknown option '--permission-prompt-tool'" >&2; exit 1;;
  *) cat "$mode"; exit 1;;
esac
`,
      );
      await using house = await createRehearsalHouse({
        tools: { claude },
        config: { agent: { cli: "claude" }, limits: { sessions: 10 } },
      });
      const doctor = await house.amplify("doctor");
      expect(doctor.exit).toBe(1);
      expect(doctor.stdout).toMatch(/2\.0\.1 is too old.*Update it/);

      const cases = {
        "agent-too-old": "old",
        "agent-not-logged-in": recording("api-401"),
        "service-error": recording("api-529"),
        "rate-limited": recording("api-429"),
        "credit-exhausted": recording("api-400-credit"),
      };
      for (const [code, mode] of Object.entries(cases)) {
        const item = await house.createItem(`Meet ${code}`);
        await writeFile(join(modes, item), mode);
        expect(await house.amplify("session", "dispatch", item)).toMatchObject({ exit: 0 });
        const view = await house.reach(item, "failed");
        expect(view.reason).toMatchObject({ code });
        expect(view.reason?.detail).not.toBe("");
        expect((await house.amplify("session", "status", item)).stdout).toContain(view.reason?.remedy);
        expect(await house.repository.git("worktree", "list")).toContain(`.worktrees/${item}`);
        if (code === "agent-too-old") expect(view.reason?.detail).toMatch(/2\.0\.1 is too old/);
        const items = await house.json<{ id: string; assignee: string | null }[]>("item", "list");
        expect(items.find(({ id }) => id === item)?.assignee).toMatch(/^amplify\/session-/);
        // A session that waits for the account to recover holds all others back.
        expect(await house.amplify("session", "stop", item)).toMatchObject({ exit: 0 });
      }

      await rm(join(house.home, "..", "bin", "claude"));
      expect((await house.amplify("doctor")).stdout).toMatch(/claude was not found on PATH.*Install it/);
      const missing = await house.createItem("Find nobody");
      await house.amplify("session", "dispatch", missing);
      expect((await house.reach(missing, "failed")).reason).toMatchObject({ code: "agent-missing" });
    },
  );
});

describe("the tracker's program", () => {
  it(
    "[Z12] its troubles are told in its own words, and the next command finds it well again",
    slow,
    async () => {
      await using tools = await createHouse({ tools: {} });
      const folder = join(tools.home, "..");
      const said = join(folder, "said");
      const bd = await writeTool(
        folder,
        "bd",
        `#!/bin/sh
case "$*" in *version*) echo '{"version": "0.49.6"}'; exit 0;; esac
if [ -s "${said}" ]; then cat "${said}" >&2; exit 1; fi
echo '[]'
`,
      );
      const files = { ".beads/config.yaml": "issue-prefix: bd\n" };
      await using house = await createRehearsalHouse({ tools: { bd }, files });
      const troubles = [
        ["Error: database is locked (5) (SQLITE_BUSY)", /database is locked/],
        ["Error: Database out of sync with JSONL. Run 'bd sync' to fix.", /out of sync/],
        ["Error: schema version mismatch: database is 65, bd supports 53", /schema version mismatch/],
      ] as const;
      for (const [words, told] of troubles) {
        await writeFile(said, `${words}\n`);
        const doctor = await house.amplify("doctor");
        expect(doctor.exit).toBe(1);
        expect(doctor.stdout).toMatch(told);
      }
      // Nothing is known of the backlog yet, so nothing can be dispatched.
      await house.amplify("serve", "--stop");
      const refused = await house.amplify("session", "dispatch", "bd-1");
      expect(refused.exit).toBe(1);
      expect(refused.stderr).toMatch(/schema version mismatch/);
      expect(refused.stderr).toMatch(/amplify doctor/);
      expect((await house.json<{ problem: string }[]>("repo", "list"))[0]?.problem).toMatch(/schema version/);
      expect(await house.amplify("session", "status")).toMatchObject({ exit: 0 });
      await writeFile(said, "");
      expect((await house.amplify("session", "dispatch", "bd-1")).stderr).toMatch(/no item bd-1/);
      await rm(join(house.home, "..", "bin", "bd"));
      const doctor = await house.amplify("doctor");
      expect(doctor.stdout).toMatch(/bd was not found.*install Beads/);
    },
  );

  it("[Z13] while it hangs, everything that does not need it goes on", slow, async () => {
    const files = { ".beads/config.yaml": "issue-prefix: bd\n" };
    const bd = here("../server/adapters/beads/fixtures/hangs.sh");
    await using house = await createRehearsalHouse({ tools: { bd }, files });
    const begun = Date.now();
    for (const command of ["status", "questions", "review"]) {
      expect(await house.amplify("session", command)).toMatchObject({ exit: 0 });
    }
    expect(Date.now() - begun).toBeLessThan(20_000);
  });
});
