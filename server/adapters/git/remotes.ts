import { parseObjectId } from "#lib/domain/ids.ts";
import { webPlace } from "#lib/domain/merge.ts";
import type { PullRequestOrder, PushOutcome, Remotes, RunTool, ToolRun } from "#server/ports.ts";
import { checkObjectIds, checkRef } from "./names.ts";
import { createObjectView } from "./object-store.ts";
import { readPersonalSettings } from "./personal.ts";
import { createRunGit } from "./run-git.ts";

/** Long enough for a large first push over a slow line. */
const timeLimitMs = 10 * 60_000;
/** A remote that does not even name a branch within this is not there. */
const lookLimitMs = 60_000;

interface RemotesOrder {
  readonly runTool: RunTool;
  /** What git and `gh` get of our environment: programs, home, agent sockets and tokens of the person. */
  readonly env: Readonly<Record<string, string>>;
  /** A folder of ours for an empty git directory; the temp folder where it is null. */
  readonly home: string | null;
}

export function createRemotes({ runTool, env, home }: RemotesOrder): Remotes {
  const run = createRunGit(readPersonalSettings);
  const viewObjects = createObjectView(run, home);
  const gitEnv = {
    ...env,
    LC_ALL: "C",
    // Nobody sits before it: what would ask for a password fails instead.
    GIT_TERMINAL_PROMPT: "0",
    SSH_ASKPASS: "false",
    SSH_ASKPASS_REQUIRE: "force",
    GIT_ALLOW_PROTOCOL: "https:http:ssh:git:file",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_CONFIG_COUNT: "2",
    GIT_CONFIG_KEY_0: "core.hooksPath",
    GIT_CONFIG_VALUE_0: "/dev/null",
    GIT_CONFIG_KEY_1: "push.recurseSubmodules",
    GIT_CONFIG_VALUE_1: "no",
  };

  async function gh(args: readonly string[], cwd: string): Promise<string | null> {
    const ghEnv = { ...env, GH_PROMPT_DISABLED: "1", GH_NO_UPDATE_NOTIFIER: "1" };
    const ran = await runTool({ file: "gh", args, cwd, env: ghEnv, timeLimitMs: lookLimitMs });
    const found = /https:\/\/\S+/.exec(ran.stdout)?.[0] ?? null;
    return ran.end === "exited" && ran.exit === 0 ? found : null;
  }

  return {
    async urlOf(repository, remote) {
      const args = ["remote", "get-url", "--push", "--", remote];
      const { exitCode, stdout } = await run({ folder: repository, args, answers: [2, 128] });
      return exitCode === 0 ? stdout.toString("utf8").trim() : null;
    },

    async tipOf(url, branch) {
      const ref = `refs/heads/${branch}`;
      checkRef(ref);
      const ran = await runTool({
        file: "git",
        args: ["ls-remote", "--", url, ref],
        cwd: "/",
        env: gitEnv,
        timeLimitMs: lookLimitMs,
      });
      if (ran.end !== "exited" || ran.exit !== 0) return { unreachable: wordsOf(ran) };
      const line = ran.stdout.split("\n").find((each) => each.endsWith(`\t${ref}`));
      return { tip: line === undefined ? null : parseObjectId(line.split("\t")[0] ?? "") };
    },

    async push({ repository, url, branch, from, to }): Promise<PushOutcome> {
      const ref = `refs/heads/${branch}`;
      checkRef(ref);
      checkObjectIds(to, ...(from === null ? [] : [from]));
      const view = await viewObjects(repository);
      const lease = `--force-with-lease=${ref}:${from ?? ""}`;
      const ran = await runTool({
        file: "git",
        args: ["push", "--porcelain", "--no-verify", lease, "--", url, `${to}:${ref}`],
        cwd: view.gitDir,
        env: { ...gitEnv, ...view.env },
        timeLimitMs,
      });
      if (ran.end === "exited" && ran.exit === 0) return { kind: "pushed" };
      const refusal = ran.stdout.split("\n").find((line) => line.startsWith("!"));
      if (refusal === undefined) return { kind: "unreachable", why: wordsOf(ran) };
      if (/\[rejected\]|\(stale info\)|cannot lock ref/.test(refusal)) return { kind: "moved" };
      return { kind: "refused", why: (refusal.split("\t")[2] ?? refusal).trim() };
    },

    async pullRequest({ url, base, branch, title, body }: PullRequestOrder) {
      const place = webPlace(url);
      if (place === null) return null;
      const at = ["--repo", `${place.host}/${place.path}`];
      const open = [
        "pr",
        "list",
        ...at,
        "--head",
        branch,
        "--state",
        "open",
        "--json",
        "url",
        "--jq",
        ".[0].url",
      ];
      return (
        (await gh(open, "/")) ??
        (await gh(
          ["pr", "create", ...at, "--head", branch, "--base", base, "--title", title, "--body", body],
          "/",
        ))
      );
    },
  };
}

/** The last thing that it said, which is why it gave up. */
function wordsOf({ end, stderr }: ToolRun): string {
  if (end === "time-limit") return "it does not answer.";
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  const told =
    lines.find((line) => /^(?:fatal|error|ssh):/.test(line)) ?? lines.at(-1) ?? "git said nothing.";
  return told.slice(0, 300);
}
