import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Ran } from "./fixtures/house.ts";
import { createRehearsalHouse, type RehearsalHouse } from "./fixtures/rehearsal-house.ts";
import { runGit } from "./fixtures/repository.ts";

const slow = { timeout: 60_000 };

/** Says no with these words, what to do included, and no stack. */
function refuses({ exit, stderr }: Ran, ...words: readonly RegExp[]) {
  expect(exit, stderr).toBeGreaterThan(0);
  for (const word of words) expect(stderr).toMatch(word);
  expect(stderr).not.toMatch(/^\s+at /m);
}

describe("ids and items", () => {
  let house: RehearsalHouse;
  beforeAll(async () => {
    house = await createRehearsalHouse();
  }, 90_000);
  afterAll(() => house[Symbol.asyncDispose]());

  it("[Z1] an unknown or malformed id is named, with what lists the right ones", slow, async () => {
    refuses(await house.amplify("session", "dispatch", "nosuch-1"), /no item nosuch-1/, /list/);
    for (const id of ["../../etc/passwd", "-rf", "a..b", "x.lock", "a b", "", "x".repeat(200)]) {
      refuses(await house.amplify("session", "dispatch", "--", id), /not a valid item id/);
    }
    for (const command of ["status", "stop", "resume", "diff", "logs", "merge"]) {
      refuses(await house.amplify("session", command, "session-nosuch-1-abc123"), /no session/i);
      refuses(await house.amplify("session", command, "../../etc"), /no session/i);
    }
    refuses(await house.amplify("session", "answer", "session-nosuch-1-abc123", "q-1", "Yes"), /no session/i);
    expect(await house.repository.git("worktree", "list")).not.toContain(".worktrees");
  });

  it(
    "[Z2] what is closed, blocked, an epic or somebody's is refused before anything is claimed",
    slow,
    async () => {
      const first = await house.createItem("Lay the ground");
      const blocked = await house.createItem("Build on it", undefined, "--after", first);
      const epic = await house.createItem("The whole", undefined, "--type", "epic");
      const closed = await house.createItem("Was done");
      await house.amplify("item", "close", closed);
      refuses(
        await house.amplify("session", "dispatch", blocked),
        new RegExp(`blocked by ${first}`),
        /closed/,
      );
      refuses(await house.amplify("session", "dispatch", epic), /is an epic/, /items in it/);
      refuses(await house.amplify("session", "dispatch", closed), /is closed/, /Reopen/);
      const items = await house.json<{ id: string; assignee: string | null }[]>("item", "list", "--all");
      expect(items.filter(({ assignee }) => assignee !== null)).toEqual([]);
    },
  );

  it("[Z3] a person's folder, worktree or branch in a session's place is left alone", slow, async () => {
    const { repository } = house;
    const folder = await house.createItem("Find a folder");
    await repository.write(`.worktrees/${folder}/mine.txt`, "mine\n");
    const branch = await house.createItem("Find a branch");
    await repository.git("branch", `amplify/${branch}`);
    const tip = await repository.git("rev-parse", "HEAD");
    for (const item of [folder, branch]) {
      await house.amplify("session", "dispatch", item);
      const view = await house.reach(item, "failed");
      expect(view.reason).toMatchObject({ code: "worktree-busy" });
      expect(view.reason?.detail).toMatch(/already/);
      // Whatever becomes of the session, these are not its own.
      expect(await house.amplify("session", "dispatch", item)).toMatchObject({ exit: 0 });
      await house.reach(item, "failed");
      expect(await house.amplify("session", "stop", item, "--discard")).toMatchObject({ exit: 0 });
      await house.until("freed", async () => {
        const items = await house.json<{ id: string; status: string }[]>("item", "list");
        return items.find(({ id }) => id === item)?.status === "open" ? true : null;
      });
    }
    expect(await readFile(join(repository.path, ".worktrees", folder, "mine.txt"), "utf8")).toBe("mine\n");
    expect(await repository.git("rev-parse", `amplify/${branch}`)).toBe(tip);
  });

  it(
    "[Z4] an uncommitted change in the main checkout stays, and holds back only what overlaps it",
    slow,
    async () => {
      const { repository } = house;
      await repository.write("README.md", "# Sample\n\nMine, not committed.\n");
      const apart = await house.bring(
        "approved",
        "Write elsewhere",
        "write: docs/a.md\n  a\ncommit: Write a",
      );
      const overlap = await house.bring(
        "approved",
        "Write the same file",
        "write: README.md\n  theirs\ncommit: Write theirs",
      );
      expect(await house.amplify("session", "merge", apart.id)).toMatchObject({ exit: 0 });
      const before = await repository.git("rev-parse", "main");
      const refused = await house.amplify("session", "merge", overlap.id);
      expect(refused.exit).toBe(1);
      expect(refused.stdout).toMatch(/README\.md/);
      expect(await repository.git("rev-parse", "main")).toBe(before);
      expect(await readFile(join(repository.path, "README.md"), "utf8")).toContain("Mine, not committed.");
      expect((await house.session(overlap.id)).status).toBe("approved");
      await repository.git("checkout", "--", "README.md");
      expect(await house.amplify("session", "merge", overlap.id)).toMatchObject({ exit: 0 });
    },
  );

  it(
    "[Z5] a repository's configuration with errors is told with its line, and the last good one counts",
    slow,
    async () => {
      const { repository } = house;
      const good = await readFile(join(repository.path, "amplify.config.json"), "utf8");
      await repository.write(
        "amplify.config.json",
        '{\n  "agent": { "cli": "rehearsal" },\n  "gates": []\n}\n',
      );
      const doctor = await house.amplify("doctor");
      expect(doctor.exit).toBe(1);
      expect(doctor.stdout).toMatch(/amplify\.config\.json, line 3.*gates/);
      expect(doctor.stdout).toMatch(/last good one/);
      await house.bring("approved", "Work all the same");
      await repository.write("amplify.config.json", good);
      const well = await house.amplify("doctor");
      expect(well, well.stdout).toMatchObject({ exit: 0 });
      expect(well.stdout).toContain("agent rehearsal");
    },
  );
});

describe("repositories", () => {
  let house: RehearsalHouse;
  let work: string;
  beforeAll(async () => {
    house = await createRehearsalHouse({ registered: false });
    work = await mkdtemp(join(tmpdir(), "amplify-bad-input-"));
  }, 90_000);
  afterAll(async () => {
    await house[Symbol.asyncDispose]();
    await rm(work, { recursive: true, force: true });
  });

  const at = (folder: string, ...args: string[]) => house.amplify("-C", folder, ...args);
  async function fresh(name: string, ...args: string[]) {
    const folder = join(work, name);
    await mkdir(folder);
    await runGit(folder, "init", "--quiet", "--initial-branch=trunk", ...args);
    return folder;
  }
  const commit = (folder: string) =>
    runGit(
      folder,
      "-c",
      "user.name=Ada",
      "-c",
      "user.email=ada@example.test",
      "commit",
      "--quiet",
      "--allow-empty",
      "-m",
      "Begin",
    );

  it(
    "[Z6] a folder that is no usable repository is refused with what to do, and nothing is registered",
    slow,
    async () => {
      const plain = join(work, "plain");
      await mkdir(plain);
      refuses(await at(plain, "session", "dispatch", "bd-1"), /not in a git repository/, /repo add/);
      refuses(await at(plain, "repo", "add"), /not in a git repository/, /git init/);
      refuses(await at(plain, "repo", "add", join(work, "nowhere")), /nowhere/);
      refuses(await at(await fresh("empty"), "session", "dispatch", "bd-1"), /no commit yet/, /first commit/);
      refuses(await at(await fresh("bare", "--bare"), "repo", "add"), /bare repository/, /clone/);
      const detached = await fresh("detached");
      await commit(detached);
      await runGit(detached, "checkout", "--quiet", "--detach");
      refuses(await at(detached, "repo", "add"), /on no branch/, /"base"/);
      expect(await house.json("repo", "list")).toEqual([]);
      await writeFile(join(detached, "amplify.config.json"), '{ "base": "trunk" }');
      expect(await at(detached, "repo", "add")).toMatchObject({ exit: 0 });
      expect(await house.json("repo", "list")).toMatchObject([{ base: "trunk" }]);
    },
  );
});

describe("the server's own place", () => {
  it("[Z7] an explicit port that is taken is refused; without one the next free is taken", slow, async () => {
    await using house = await createRehearsalHouse({ registered: false });
    const taken = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => taken.once("listening", resolve));
    const address = taken.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const { exit, stderr } = await house.amplify("serve", "--port", String(port));
    taken.close();
    expect(exit).toBe(4);
    expect(stderr).toMatch(new RegExp(`Port ${port} is taken`));
    expect(await house.amplify("repo", "list")).toMatchObject({ exit: 0 });
    refuses(await house.amplify("serve", "--port", "99999"), /between 1 and 65535/);
  });

  it("[Z8] a data folder that cannot be used is named, and nothing is written elsewhere", slow, async () => {
    await using house = await createRehearsalHouse({ registered: false });
    const file = join(house.home, "..", "a-file");
    await writeFile(file, "mine");
    const env = { ...house.env, AMPLIFY_HOME: file };
    refuses(await run(house, env, "session", "status"), /a-file/, /AMPLIFY_HOME/);
    expect(await readFile(file, "utf8")).toBe("mine");
  });

  it(
    "[Z9] the data folder's own configuration with errors refuses the start, with file and line",
    slow,
    async () => {
      await using house = await createRehearsalHouse({ registered: false });
      await mkdir(house.home, { mode: 0o700 });
      await writeFile(join(house.home, "config.json"), '{\n  "sessions": "many"\n}');
      refuses(await house.amplify("session", "status"), /config\.json, line 2.*sessions/);
      await writeFile(join(house.home, "config.json"), "{}");
      expect(await house.amplify("session", "status")).toMatchObject({ exit: 0 });
    },
  );

  it(
    "[Z10] a read-only or full data folder is told as such, and works once there is room",
    slow,
    async (context) => {
      await using house = await createRehearsalHouse({ registered: false });
      await mkdir(house.home, { mode: 0o700 });
      const mount = async (options: string) =>
        promisify(execFile)("mount", ["-t", "tmpfs", "-o", options, "tmpfs", house.home]).then(
          () => true,
          () => false,
        );
      if (!(await mount("size=64k,mode=700"))) {
        console.warn("SKIPPED: no right to mount a small file system here.");
        context.skip();
      }
      try {
        refuses(await house.amplify("session", "status"), /full|no space/i);
        await promisify(execFile)("mount", ["-o", "remount,ro", house.home]);
        refuses(await house.amplify("session", "status"), /read-only/i);
        await promisify(execFile)("mount", ["-o", "remount,rw,size=64m", house.home]);
        expect(await house.amplify("session", "status")).toMatchObject({ exit: 0 });
        expect(await house.amplify("serve", "--stop")).toMatchObject({ exit: 0 });
      } finally {
        await promisify(execFile)("umount", ["--lazy", house.home]);
      }
    },
  );
});

/** As `house.amplify`, in another environment. */
function run(house: RehearsalHouse, env: Readonly<Record<string, string>>, ...args: string[]): Promise<Ran> {
  const launcher = new URL("../bin/amplify.js", import.meta.url).pathname;
  return new Promise((resolve) => {
    const options = { cwd: house.repository.path, env: { NODE_ENV: "test" as const, ...env } };
    execFile(process.execPath, [launcher, ...args], options, (error, stdout, stderr) => {
      resolve({ exit: error ? Number(error.code) || 1 : 0, stdout, stderr });
    });
  });
}
