#!/usr/bin/env node
import { execFileSync, spawn } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

/**
 * An agent that keeps its own record outside Amplify of every byte that it prints, every process that it was
 * and every commit that it made. It talks for a while, commits now and then, and has the rehearsal agent do
 * the rest: questions, work, council. A byte is in the record before it is printed. A remark `# poll: <question>`
 * in its script has it ask that through a file first and poll for the answer, talking; `# tree: <name>` has it
 * grow one of the trees of `trees.json` beside its record and stay.
 */
const {
  AMPLIFY_SESSION_DIR = "",
  FAULTS_ORACLE = "",
  FAULTS_REHEARSAL = "",
  FAULTS_TALK = "0",
  AMPLIFY_SESSION = "",
} = process.env;
const args = process.argv.slice(2).map((word, index, all) => {
  // Killed while it talked, it has said much and the rehearsal agent has not begun.
  const isBegun = () =>
    existsSync(join(process.env.HOME ?? "", ".amplify-rehearsal", `${all[index + 1]}.json`));
  return word === "--resume" && !isBegun() ? "--session-id" : word;
});
const isAboutItself = args.includes("--version");
const hasPrompt = !(args[args.indexOf("-p") + 1] ?? "--").startsWith("--");
const isWork = !args.includes("--agents") && hasPrompt;

const record = isAboutItself
  ? null
  : openSync(join(FAULTS_ORACLE, `${AMPLIFY_SESSION.replace("/", ".")}.jsonl`), "a");
const print = (bytes) => {
  if (record !== null) writeAll(record, bytes);
  writeAll(1, bytes);
};
if (!isAboutItself) appendFileSync(join(FAULTS_ORACLE, "starts"), `${AMPLIFY_SESSION} ${process.pid}\n`);
const wanted = (what) =>
  isWork ? new RegExp(`^# ${what}: (.*)$`, "m").exec(args[args.indexOf("-p") + 1])?.[1] : undefined;
const polled = wanted("poll");
const tree = wanted("tree");
if (isWork) await talk();
if (polled) await poll(polled);
if (tree) await grow(tree);
await rehearse();

function writeAll(file, bytes) {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

/** `FAULTS_TALK` lines, or with `on` until the file `enough` is there. */
async function talk() {
  const random = randomOf(AMPLIFY_SESSION);
  const isEnough = (line) =>
    FAULTS_TALK === "on" ? existsSync(join(FAULTS_ORACLE, "enough")) : line > Number(FAULTS_TALK);
  for (let line = 1; !isEnough(line); line++) {
    const noise = "äöü€😀 lorem ipsum ".repeat(random() * 12).slice(0, random() * 200);
    const secret = line % 7 === 0 ? ` ghp_${"abcdefghij".repeat(3)}${line}` : "";
    say(`line ${line} of ${AMPLIFY_SESSION} ${noise.toWellFormed()}${secret}`);
    if (line % 100 === 25) commit(line);
    if (FAULTS_TALK === "on") await new Promise((resolve) => setTimeout(resolve, 50 + random() * 150));
  }
}

function say(text) {
  const message = { role: "assistant", content: [{ type: "text", text }] };
  print(Buffer.from(`${JSON.stringify({ type: "assistant", message, parent_tool_use_id: null })}\n`));
}

/** As the plain protocol has it: asks once in a session, however often it is started, and lives until it knows. */
async function poll(question) {
  const asks = join(AMPLIFY_SESSION_DIR, "asks");
  const name = "0b5f2a83-0c5f-4da9-ad2e-c25b92550d7d";
  if (!readdirSync(asks).some((each) => each.startsWith(name))) {
    writeFileSync(join(asks, `.${name}`), JSON.stringify({ question }));
    renameSync(join(asks, `.${name}`), join(asks, `${name}.json`));
  }
  for (let line = 100_000; !isAnswered(); line++) {
    say(`line ${line} of ${AMPLIFY_SESSION}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }

  function isAnswered() {
    const id = readdirSync(asks)
      .find((each) => each.startsWith(`${name}.q-`))
      ?.split(".")[1];
    const answers = join(AMPLIFY_SESSION_DIR, "answers.json");
    if (!id || !existsSync(answers)) return false;
    return JSON.parse(readFileSync(answers, "utf8")).some((each) => each.question === id);
  }
}

function commit(line) {
  mkdirSync("talk", { recursive: true });
  writeFileSync(`talk/${line}.txt`, `${AMPLIFY_SESSION} ${line}\n`);
  const git = (...words) =>
    execFileSync("git", words, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  git("add", "talk");
  git("commit", "--quiet", "--no-verify", "--message", `Line ${line}`);
  appendFileSync(join(FAULTS_ORACLE, "commits"), `${AMPLIFY_SESSION} ${git("rev-parse", "HEAD")}`);
}

async function grow(name) {
  const script = JSON.parse(readFileSync(join(FAULTS_ORACLE, "trees.json"), "utf8"))[name];
  const child = spawn("/bin/sh", ["-c", script], { stdio: ["ignore", "pipe", "inherit"] });
  child.stdout.once("data", () => say(`${name} is there`));
  await new Promise(() => setInterval(() => {}, 1000));
}

async function rehearse() {
  const child = spawn(process.execPath, [FAULTS_REHEARSAL, ...args], {
    stdio: ["inherit", "pipe", "inherit"],
  });
  child.stdout.on("data", print);
  const [exit, signal] = await new Promise((resolve) => child.once("close", (...end) => resolve(end)));
  process.exitCode = exit ?? 1;
  if (signal) process.kill(process.pid, signal);
}

function randomOf(text) {
  let state = [...text].reduce((sum, letter) => Math.imul(sum ^ letter.charCodeAt(0), 16777619), 2166136261);
  return () => ((state = Math.imul(state ^ (state >>> 13), 1274126177) + 0x9e3779b9) >>> 0) / 2 ** 32;
}
