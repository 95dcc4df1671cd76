import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parseQuestionId, parseSessionId } from "#lib/domain/ids.ts";
import type { Question } from "#lib/domain/question.ts";
import type { SessionView } from "#lib/contract/wire.ts";
import { asks, createRehearsalHouse, type RehearsalHouse } from "./fixtures/rehearsal-house.ts";

const launcher = fileURLToPath(new URL("../bin/amplify.js", import.meta.url));
const limitMs = 120_000;
let house: RehearsalHouse;
/** Its agent lives and says nothing, as one that waits for a shell command of its own. */
let session: SessionView;

beforeAll(async () => {
  house = await createRehearsalHouse();
  const item = await house.createItem("Ask from a shell", "fail: hang");
  await house.amplify("session", "dispatch", item);
  session = await house.until("the agent hangs", async () => {
    const view = await house.session(item);
    return view.pid === null ? null : view;
  });
}, limitMs);
afterAll(() => house[Symbol.asyncDispose](), limitMs);

/** `amplify ask` in the session's worktree, from a shell that knows nothing of the session. */
function ask(...words: string[]) {
  const child = spawn(process.execPath, [launcher, "ask", ...words], {
    cwd: session.worktree,
    env: house.env,
  });
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said.stderr += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return {
    said,
    ended,
    interrupt: () => child.kill("SIGINT"),
    /** The question's id, once the runner has it. */
    asked: () =>
      house.until("the question is asked", () =>
        Promise.resolve(/^(q-\d+) waits/m.exec(said.stderr)?.[1] ?? null),
      ),
  };
}

/** Another tool that drives Amplify; `flags` and `env` are those of `amplify mcp`. */
async function openMcp(flags: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [launcher, "mcp", ...flags],
    cwd: house.repository.path,
    env: { ...house.env, ...env },
    stderr: "ignore",
  });
  const client = new Client({ name: "test", version: "1" });
  await client.connect(transport);
  const call = async (name: string, input: Record<string, unknown> = {}) => {
    const { content, isError } = await client.callTool({ name, arguments: input });
    const text = (content as { text: string }[])[0]?.text ?? "";
    return { text, isError: isError === true, value: isError === true ? null : (JSON.parse(text) as never) };
  };
  return { client, call };
}

const questions = () => house.json<Question[]>("session", "questions", session.id);
const find = async (id: string) => (await questions()).find((each) => each.id === id);

it(
  "[Q130] a shell in the worktree asks, outlives the server, and gets the answer on standard output",
  async () => {
    const running = ask(
      "Which hash?",
      "--option",
      "bcrypt: well known",
      "--option",
      "argon2",
      "--context",
      "For passwords",
    );
    const id = await running.asked();
    expect(await house.until("the server knows it", () => find(id))).toMatchObject({
      status: "open",
      context: "For passwords",
      prompts: [
        {
          text: "Which hash?",
          options: [{ label: "bcrypt", description: "well known" }, { label: "argon2" }],
        },
      ],
    });
    process.kill(await house.pidOf("server"), "SIGKILL");
    const answered = await house.amplify("session", "answer", session.id, id, "Argon2");
    expect(answered).toMatchObject({ exit: 0, stdout: "delivered\n" });
    expect(await running.ended).toBe(0);
    expect(running.said.stdout).toBe("argon2\n");
  },
  limitMs,
);

it(
  "[Q131] Ctrl-C leaves the question open and says so, and several choices come one a line",
  async () => {
    const left = ask("Left alone?");
    const id = await left.asked();
    left.interrupt();
    expect(await left.ended).toBe(130);
    expect(left.said.stderr).toContain(`The question ${id} stays open`);
    expect(await find(id)).toMatchObject({ status: "open" });

    const several = ask("Which of these?", "--multi", "--option", "a", "--option", "b", "--option", "c");
    const next = await several.asked();
    // The asker knows its number a moment before the server does.
    await expect.poll(() => find(next), { timeout: 30_000 }).toMatchObject({ status: "open" });
    const client = await house.client();
    await client.command("question:answer", {
      session: session.id,
      question: parseQuestionId(next),
      choices: [{ labels: ["a", "c"], text: "and nothing else" }],
    });
    expect(await several.ended).toBe(0);
    expect(several.said.stdout).toBe("a\nc\nand nothing else\n");

    const outside = await house.amplify("ask", "Who hears me?");
    expect(outside).toMatchObject({ exit: 1, stdout: "" });
    expect(outside.stderr).toContain("is not in a session's worktree");
  },
  limitMs,
);

it(
  "[Q132] the plain protocol of the files works both ways, and of two answers at once the first wins",
  async () => {
    const file = join(session.directory, "questions.json");
    const mine = await house.until("the file is read", async () => {
      const taken = (await questions()).find(({ prompts }) => prompts[0]?.text === "By hand?");
      if (taken) return taken;
      // The file has two writers: who finds his words gone writes them again.
      const text = await readFile(file, "utf8");
      if (text.includes("By hand?")) return null;
      const entry = { id: "mine", question: "By hand?", options: ["yes", "no"] };
      await writeFile(file, JSON.stringify([...(JSON.parse(text) as unknown[]), entry]));
      return null;
    });
    const client = await house.client();
    const order = { session: parseSessionId(session.id), question: mine.id };
    const [byCli, byWire] = await Promise.allSettled([
      house.amplify("session", "answer", session.id, mine.id, "yes"),
      client.command("question:answer", { ...order, text: "no" }),
    ]);
    if (byCli.status !== "fulfilled") throw new Error("the command line never rejects");
    const isCliFirst = byCli.value.exit === 0;
    expect(byWire.status).toBe(isCliFirst ? "rejected" : "fulfilled");
    const told = isCliFirst ? String((byWire as PromiseRejectedResult).reason) : byCli.value.stderr;
    expect(told).toMatch(/\S+ answered it at 20\d\d-.*that answer stands/);
    const answers = await house.until("the answer is in the file", async () => {
      const all = JSON.parse(await readFile(join(session.directory, "answers.json"), "utf8")) as {
        question: string;
        answer: string;
      }[];
      return all.find(({ question }) => question === mine.id);
    });
    expect(answers.answer).toBe(isCliFirst ? "yes" : "no");
  },
  limitMs,
);

it(
  "[Q133] other tools drive it by MCP: items, dispatch, questions, answers, and refusals in words",
  async () => {
    const { client, call } = await openMcp();
    try {
      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name)).toEqual(
        expect.arrayContaining([
          "status",
          "dispatch",
          "questions",
          "answer",
          "review",
          "merge",
          "items",
          "inbox",
        ]),
      );
      expect(tools.find(({ name }) => name === "dispatch")?.inputSchema).toMatchObject({
        type: "object",
        required: ["item"],
      });
      const item = await house.createItem("Paint it", asks);
      const items: { id: string }[] = (await call("items")).value!;
      expect(items.map(({ id }) => id)).toContain(item);
      const dispatched: { session: { id: string } } = (await call("dispatch", { item })).value!;
      const { id } = dispatched.session;
      await house.reach(id, "waiting");
      const open: { session: string; question: { id: string } }[] = (await call("questions")).value!;
      const question = open.find((each) => each.session === id)!.question.id;
      expect((await call("answer", { session: id, question, text: "blue" })).isError).toBe(false);
      await house.reach(id, "approved");
      const { value: detail } = await call("review", { session: id });
      expect(detail).toMatchObject({ reviews: [{ verdict: "approved" }] });
      const merged: { landings: { session: string }[] } = (await call("merge", { session: id })).value!;
      expect(merged.landings).toMatchObject([{ session: id }]);
      await house.reach(id, "merged");

      const again = await call("answer", { session: id, question, text: "red" });
      expect(again).toMatchObject({
        isError: true,
        text: expect.stringMatching(/landed|answered it at/) as unknown,
      });
      expect(await call("dispatch", { item: "no such item" })).toMatchObject({ isError: true });
      expect((await call("dispatch", {})).isError).toBe(true);
    } finally {
      await client.close();
    }
  },
  limitMs,
);

it(
  "[Q135] inside of a session nothing answers, overrules, lands or sets anything, and the audit names the session",
  async () => {
    const waiting = ask("Who decides?");
    const id = await waiting.asked();
    await house.until("the server knows it", () => find(id));
    const env = { AMPLIFY_SESSION_DIR: session.directory };
    const inside = (...words: string[]) =>
      house.run("env", `AMPLIFY_SESSION_DIR=${session.directory}`, process.execPath, launcher, ...words);
    const attempts = [
      ["session", "answer", session.id, id, "I do"],
      ["session", "overrule", session.id, "approve", "--reason", "It looks fine to me."],
      ["session", "merge"],
      ["session", "execute", "--detach"],
      ["session", "message", session.id, "A person says: go on"],
      ["answers", "add", session.id, id, "I do"],
      ["team", "tokens", "create", "mine"],
      ["open"],
    ];
    for (const words of attempts) {
      const { exit, stderr } = await inside(...words);
      expect([words[0], words[1], exit]).toEqual([words[0], words[1], 1]);
      expect(stderr).toContain(`from inside of ${session.id}`);
      expect(stderr).toContain("amplify ask");
    }
    const { client, call } = await openMcp([], env);
    for (const [name, input] of [
      ["answer", { session: session.id, question: id, text: "I do" }],
      ["merge", {}],
    ] as const)
      expect(await call(name, input)).toMatchObject({
        isError: true,
        text: expect.stringContaining("amplify ask") as unknown,
      });
    expect(await call("status")).toMatchObject({ isError: false });
    await client.close();
    expect(await find(id)).toMatchObject({ status: "open" });

    expect(await inside("item", "add", "Found on the way")).toMatchObject({ exit: 0 });
    const audit = await house.json<{ via: string; action: string; outcome: string }[]>("audit");
    const done = audit.filter(({ via }) => via === `machine, inside of ${session.id}`);
    const acts = done.map(({ action, outcome }) => `${action} ${outcome}`);
    expect(acts).toEqual(
      expect.arrayContaining([
        "question:answer refused",
        "session:overrule refused",
        "merge:start refused",
        "item:create done",
      ]),
    );
    waiting.interrupt();
    await waiting.ended;
  },
  limitMs,
);

it(
  "[Q136] by MCP a person's token may what the person may, and nothing more",
  async () => {
    const { secret } = await (
      await house.client()
    ).command("token:create", { name: "looks only", role: "viewer" });
    const file = join(house.home, "viewer-token");
    await writeFile(file, `${secret}\n`);
    const { client, call } = await openMcp(["--token-file", file]);
    expect(await call("status")).toMatchObject({ isError: false });
    expect(await call("questions")).toMatchObject({ isError: false });
    const order = { session: session.id, question: "q-1", text: "no" };
    for (const [name, input] of [
      ["answer", order],
      ["dispatch", { item: "x-1" }],
      ["merge", {}],
      ["stop", { session: session.id }],
    ] as const) {
      expect(await call(name, input)).toMatchObject({
        isError: true,
        text: expect.stringContaining("and you are viewer") as unknown,
      });
    }
    await client.close();
  },
  limitMs,
);

it(
  "[Q134] what waits for an answer when its session is stopped is withdrawn, and the shell is told",
  async () => {
    const waiting = ask("Too late?");
    const id = await waiting.asked();
    await house.amplify("session", "stop", session.id);
    expect(await waiting.ended).toBe(4);
    expect(waiting.said.stderr).toContain(`${id} was withdrawn`);
    expect((await house.json<{ kind: string }[]>("inbox")).filter(({ kind }) => kind === "question")).toEqual(
      [],
    );
  },
  limitMs,
);
