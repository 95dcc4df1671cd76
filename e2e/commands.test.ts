import { CommanderError, type Command } from "commander";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { createProgram } from "../cli/program.ts";
import { RefusedError } from "#lib/client/http.ts";
import { commands, reads } from "#lib/contract/wire.ts";
import { asks, createRehearsalHouse, type RehearsalHouse } from "./fixtures/rehearsal-house.ts";

const done = z.object({ session: commands["session:stop"].output.shape.session });
const item = commands["item:edit"].output;
const { repositories, status, session, questions, diff, team, answers, webhooks } = reads;

/** How a command is run once: its words, and what its document is. */
interface Case {
  readonly words: (ids: Ids) => readonly string[];
  readonly document: z.ZodType;
  /** It refuses in this state of things, with these words; what it does is proved elsewhere. */
  readonly refuses?: RegExp;
}

/** What the commands before have made. */
interface Ids {
  good: string;
  curious: string;
  busy: string;
  free: string;
  branch: string;
  [made: string]: string;
}

/** Where a command takes over the terminal, or is told elsewhere with the help of a process of its own. */
const elsewhere: Readonly<Record<string, string>> = {
  ask: "it works inside of an agent's session: [QA1]",
  mcp: "it speaks a protocol on standard input: [QA5]",
  demo: "[X13], [X14]",
  completion: "it prints a script, and no document: [X17]",
  "session execute": "[E60] to [E62]",
  "skill install": "[X22]",
};

const on =
  (...words: string[]) =>
  () =>
    words;
/** In their order: what is made first is used by what comes after. */
const cases: Readonly<Record<string, Case>> = {
  serve: {
    words: on("--status"),
    document: z.object({ running: z.literal(true), url: z.string(), pid: z.int() }),
  },
  "repo add": { words: on(), document: commands["repository:add"].output },
  "repo list": { words: on(), document: repositories.output },
  "repo acknowledge": { words: on("Seen"), document: commands["repository:acknowledge"].output },
  "item list": { words: on(), document: reads.items.output },
  "item show": { words: ({ free }) => [free], document: reads.item.output },
  "item add": { words: on("Made here"), document: item },
  "item edit": { words: ({ free }) => [free, "--title", "Edited", "-p", "0"], document: item },
  "item dep": { words: ({ free, busy }) => [free, busy], document: item },
  "item close": {
    words: ({ busy }) => [busy],
    document: item,
    refuses: /has a session|belongs to|is open|closed/,
  },
  "item reopen": { words: ({ free }) => [free], document: item },
  "item release": { words: ({ free }) => [free], document: item },
  "session status": { words: on(), document: status.output },
  "session logs": { words: ({ good }) => [good], document: z.object({ text: z.string(), next: z.int() }) },
  "session diff": { words: ({ good }) => [good], document: diff.output },
  "session overlaps": { words: on(), document: reads.overlaps.output },
  "session questions": { words: on(), document: questions.output },
  inbox: { words: on(), document: reads.inbox.output },
  "session answer": {
    words: ({ curious }) => [curious, "q-1", "red"],
    document: z.object({ delivery: z.enum(["delivered", "kept"]) }),
  },
  "answers add": { words: ({ curious }) => [curious, "q-1"], document: z.unknown() },
  "answers list": { words: on(), document: answers.output },
  "answers remove": { words: on("1"), document: z.unknown() },
  "session review": { words: on(), document: z.array(z.object({ session: session.output.shape.session })) },
  "session comment": {
    words: ({ good }) => [good, `notes/${good}.md:1`, "Say why"],
    document: z.object({ comment: z.object({ id: z.string() }), session: z.object({ id: z.string() }) }),
  },
  "session message": { words: ({ busy }) => [busy, "Go on"], document: done },
  "session cleanup": { words: on("--dry-run"), document: commands["session:cleanup"].output },
  "session stop": { words: ({ busy }) => [busy], document: done },
  "session resume": { words: on("--interrupted"), document: z.object({ resumed: z.array(z.string()) }) },
  "session dispatch": { words: ({ spare }) => [spare ?? ""], document: commands["session:dispatch"].output },
  "session dispatch-ready": { words: on("none"), document: z.unknown(), refuses: /none/ },
  "session merge": { words: on("--dry-run"), document: reads["merge-plan"].output },
  "session send-back": { words: ({ good }) => [good], document: done, refuses: /approved|landing|nothing/i },
  "session revert": {
    words: ({ good }) => [good, "--reason", "No"],
    document: z.unknown(),
    refuses: /only what has landed/,
  },
  "session rework": {
    words: ({ busy }) => [busy, "Again"],
    document: done,
    refuses: /stopped|stopping|running/,
  },
  "session overrule": { words: ({ good }) => [good, "reject", "--reason", "We decided so"], document: done },
  "archive list": { words: on("--all"), document: reads.archives.output },
  "archive show": { words: on("0000000"), document: reads.archive.output, refuses: /0000000/ },
  "archive restore": { words: on("0000000"), document: z.unknown(), refuses: /0000000/ },
  "archive remove": { words: on("0000000"), document: z.unknown(), refuses: /0000000/ },
  "queue status": { words: on(), document: reads.alerts.output },
  "queue resume": { words: on(), document: z.object({ resumed: z.array(z.string()) }) },
  activity: { words: on("-n", "5"), document: z.array(z.object({ seq: z.int(), text: z.string() })).max(5) },
  audit: { words: on("--limit", "5"), document: z.array(z.object({ action: z.string() })).max(5) },
  "storage show": { words: on(), document: reads.storage.output },
  "storage prune": { words: on("--dry-run"), document: z.object({ pruned: z.array(z.unknown()) }) },
  "storage backup": { words: on(), document: z.object({ file: z.string(), bytes: z.int(), at: z.string() }) },
  "webhook add": { words: on("http://127.0.0.1:9/", "--allow-private"), document: z.unknown() },
  "webhook list": { words: on(), document: webhooks.output },
  "webhook deliveries": { words: ({ webhook }) => [webhook ?? ""], document: z.unknown() },
  "webhook test": { words: ({ webhook }) => [webhook ?? ""], document: z.unknown() },
  "webhook remove": { words: ({ webhook }) => [webhook ?? ""], document: z.unknown() },
  open: { words: on("--no-browser"), document: z.object({ url: z.string(), expiresAt: z.string() }) },
  "team invite": { words: on("Cem"), document: commands["team:invite"].output },
  "team list": { words: on(), document: team.output },
  "team withdraw": {
    words: ({ invitation }) => [invitation ?? ""],
    document: commands["team:withdraw"].output,
  },
  "team role": { words: on("Nobody", "viewer"), document: z.unknown(), refuses: /Nobody/ },
  "team grant": { words: on("Nobody"), document: z.unknown(), refuses: /Nobody/ },
  "team revoke": { words: on("Nobody"), document: z.unknown(), refuses: /Nobody/ },
  "team devices": { words: on(), document: z.array(z.unknown()) },
  "team sign-out": { words: on("--person", "Nobody"), document: z.unknown(), refuses: /Nobody/ },
  "team tokens create": { words: on("script"), document: commands["token:create"].output },
  "team tokens list": { words: on(), document: z.array(z.object({ id: z.string() })) },
  "team tokens revoke": { words: ({ token }) => [token ?? ""], document: z.unknown() },
  "auth reset-owner": { words: on(), document: commands["owner:reset"].output },
  doctor: { words: on(), document: reads.doctor.output },
  "repo remove": {
    words: on(),
    document: commands["repository:remove"].output,
    refuses: /sessions that are not at their end/,
  },
};

function leaves(command: Command, path: readonly string[] = []): string[] {
  if (command.commands.length === 0) return [path.join(" ")];
  return command.commands.flatMap((each) => leaves(each, [...path, each.name()]));
}

describe("every command of the command line", { timeout: 120_000 }, () => {
  let house: RehearsalHouse;
  let ids: Ids;

  beforeAll(async () => {
    house = await createRehearsalHouse();
    const curious = await house.createItem("Paint it", asks);
    const busy = await house.createItem("Never end", "fail: hang");
    for (const id of [curious, busy]) await house.amplify("session", "dispatch", id);
    const good = await house.bring("approved", "Write a note");
    await house.reach(curious, "waiting");
    const free = await house.createItem("Free");
    const spare = await house.createItem("Spare", "fail: hang");
    ids = { good: good.item.id, curious, busy, free, spare, branch: good.branch };
    for (const [name, value] of Object.entries(house.env)) vi.stubEnv(name, value);
  }, 120_000);

  afterAll(async () => {
    vi.unstubAllEnvs();
    process.exitCode = 0;
    await house[Symbol.asyncDispose]();
  }, 60_000);

  /** In this very process, as `bin/amplify.js` runs it: what it wrote on standard output. */
  async function run(...words: string[]): Promise<string> {
    let text = "";
    const write = vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
      text += String(chunk);
      return true;
    });
    const note = vi.spyOn(process.stderr, "write").mockImplementation(() => true);
    try {
      await createProgram().parseAsync(["-C", house.repository.path, ...words], { from: "user" });
    } finally {
      write.mockRestore();
      note.mockRestore();
    }
    return text;
  }

  it("[X24] is run once, with and without --json, and its document is what it says", async () => {
    const known = leaves(createProgram());
    expect(known.filter((each) => !(each in cases) && !(each in elsewhere))).toEqual([]);
    expect(
      [...Object.keys(cases), ...Object.keys(elsewhere)].filter((each) => !known.includes(each)),
    ).toEqual([]);
    const wrong: string[] = [];
    for (const [name, { words, document, refuses }] of Object.entries(cases)) {
      const line = [...name.split(" "), ...words(ids)];
      try {
        const printed = await run("--json", ...line);
        const outcome = document.safeParse(JSON.parse(printed));
        if (!outcome.success) wrong.push(`${name}: ${outcome.error.message}`);
        take(name, JSON.parse(printed));
      } catch (error) {
        const isRefusal =
          error instanceof RefusedError || (error instanceof Error && error.name === "CliError");
        const said = error instanceof Error ? error.message : String(error);
        if (!isRefusal || refuses?.test(said) !== true) wrong.push(`${name}: ${said}`);
      }
    }
    expect(wrong).toEqual([]);
    for (const name of [
      "session status",
      "item list",
      "repo list",
      "inbox",
      "team list",
      "doctor",
      "queue status",
    ])
      expect(await run(...name.split(" ")), name).not.toBe("");
  });

  /** Ids that a later command needs. */
  function take(name: string, value: unknown) {
    const id = z.object({ id: z.string() });
    if (name === "webhook add") ids["webhook"] = z.object({ webhook: id }).parse(value).webhook.id;
    if (name === "team invite") ids["invitation"] = z.object({ invitation: id }).parse(value).invitation.id;
    if (name === "team tokens create") ids["token"] = z.object({ token: id }).parse(value).token.id;
  }

  it("[X22] the skill is installed with the launcher's path, and what somebody edited there is kept beside it", async () => {
    const install = () => house.json<{ installed: string[] }>("skill", "install", "--project");
    const { installed } = await install();
    const [skill = ""] = installed;
    expect(skill.startsWith(join(house.repository.path, ".claude"))).toBe(true);
    const text = await readFile(skill, "utf8");
    expect(text).not.toContain("{{amplify}}");
    expect(text).toContain("bin/amplify.js");
    await writeFile(skill, "Mine");
    await install();
    expect(await readFile(skill, "utf8")).toBe(text);
    expect(await readFile(`${skill}.bak`, "utf8")).toBe("Mine");
  });

  it("[X23] says which version it is", async () => {
    const { version } = z
      .object({ version: z.string() })
      .parse(JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8")));
    await expect(run("--version")).rejects.toBeInstanceOf(CommanderError);
    expect((await house.amplify("--version")).stdout.trim()).toBe(version);
  });
});
