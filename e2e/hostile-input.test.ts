import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { z } from "zod";
import { commands, logRequest, reads } from "#lib/contract/wire.ts";
import { parseItemId } from "#lib/domain/ids.ts";
import { answerOf } from "#server/api/answer.ts";
import { createDispatcher, parsed } from "#server/api/dispatcher.ts";
import { createLogs } from "#server/socket/logs.ts";
import { createRedactor } from "#server/socket/redact.ts";
import { memoryItem } from "./fakes/memory-work-source.ts";
import { createTestApplication, owner, type TestApplication } from "./fixtures/application.ts";
import { runGit } from "./fixtures/repository.ts";
import { textPlaces, withText } from "./fixtures/whole-inputs.ts";

/** In every hostile text that could end up in a command, so that it is recognised there. */
const mark = "hstl";
const secret = "what nobody may read through us";

let work: string;
let canaries: string;
let house: TestApplication;

/** Every call of git leaves its arguments here, a file for each. */
const calls = () => join(work, "calls");

beforeAll(async () => {
  work = await realpath(await mkdtemp(join(tmpdir(), "amplify-hostile-")));
  canaries = join(work, `canaries-${mark}`);
  for (const folder of [canaries, calls(), join(work, "bin")]) await mkdir(folder);
  await writeFile(join(work, `secret-${mark}.txt`), secret);
  const git = execFileSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).trim();
  const spy = `#!/bin/sh\n{ printf '%s\\0' "$@"; printf '\\036\\0'; } >> "${calls()}/$$"\nexec "${git}" "$@"\n`;
  await writeFile(join(work, "bin", "git"), spy);
  await chmod(join(work, "bin", "git"), 0o755);
  vi.stubEnv("PATH", [join(work, "bin"), process.env["PATH"] ?? ""].join(delimiter));
  house = await createTestApplication();
}, 60_000);
afterAll(async () => {
  await house[Symbol.asyncDispose]();
  vi.unstubAllEnvs();
  await rm(work, { recursive: true, force: true });
});

/** What has been tried against ids, names, branches and paths, and against whoever hands them on to a program. */
function corpus(): string[] {
  const secretFile = join(work, `secret-${mark}.txt`);
  const touch = `touch ${join(canaries, "made")}`;
  const up = "../".repeat(12);
  return [
    // Paths
    secretFile,
    `${up}${secretFile.slice(1)}`,
    `a/${up}${secretFile.slice(1)}`,
    `..%2f..%2f${mark}`,
    `%2e%2e/%2e%2e/${mark}`,
    `....//....//${mark}`,
    `..\\..\\${mark}`,
    `file://${secretFile}`,
    `/proc/self/cwd/${mark}`,
    `/dev/fd/0/${mark}`,
    `~/${mark}`,
    `.git/${mark}`,
    `.git/config`,
    `link-${mark}/../../x`,
    `${mark}\0.txt`,
    `${mark}%00.txt`,
    "..",
    ".",
    "/",
    // Options
    `--upload-pack=${touch}`,
    `--output=${join(canaries, "made")}`,
    `--exec=${touch}`,
    `--git-dir=${canaries}`,
    `--work-tree=${canaries}`,
    `--config-env=core.sshCommand=${mark}`,
    `-c core.fsmonitor=${touch}`,
    `-C${canaries}`,
    `-o${join(canaries, "made")}`,
    `--${mark}`,
    `-${mark}`,
    "--",
    "-",
    "-h",
    // What git itself would resolve
    `HEAD:${mark}`,
    `@{-1}${mark}`,
    `${mark}@{upstream}`,
    `^${mark}`,
    `:(exclude)${mark}`,
    `refs/heads/${mark}`,
    `ext::sh -c ${touch}`,
    `${mark}.lock`,
    `${mark}..main`,
    // A shell
    `$(${touch})`,
    `\`${touch}\``,
    `; ${touch} #${mark}`,
    `| ${touch}`,
    `&& ${touch}`,
    `'; ${touch}; '`,
    `"; ${touch}; "`,
    `${mark}\n${touch}\n`,
    `\${IFS}${mark}`,
    // Other languages
    "__proto__",
    "constructor",
    `' OR 1=1 -- ${mark}`,
    `%${mark}%`,
    `{{${mark}}}`,
    // Characters
    "",
    " ",
    `\u202e${mark}`,
    `\ud800${mark}`,
    `${mark}😀`,
    `\u001b]0;${mark}\u0007`,
    mark.repeat(30_000),
  ];
}

/** A word of ours where git looks for an option: what is behind `--` is none. */
function optionsIn(args: readonly string[]): string[] {
  const end = args.indexOf("--");
  return args
    .slice(0, end === -1 ? undefined : end)
    .filter((arg) => arg.startsWith("-") && arg.includes(mark));
}

/** Something that can be asked for, and how it is. */
interface Operation {
  readonly name: string;
  readonly input: z.ZodType;
  readonly run: (input: unknown) => Promise<unknown>;
}

it(
  "[W44] no id, name, path or text of any command or read becomes an option, a path or a command further in",
  { timeout: 240_000 },
  async () => {
    for (const item of ["bd-1", "bd-2"]) house.backlog.items.set(parseItemId(item), memoryItem(item));
    const repository = await house.add();
    const { session, runner } = await house.dispatch("bd-1");
    const head = await runner.bringToApproval("work.txt", "work\n");
    await house.reaches(session.id, "approved");
    const { application } = house.inside();
    const dispatcher = createDispatcher(application, () => Promise.resolve());
    const redactor = createRedactor({});
    const logs = createLogs({ application, redactor, tellGroup: () => undefined });

    let key = 0;
    const operations: Operation[] = [
      ...Object.entries(reads).map(([name, { input }]) => ({
        name,
        input,
        run: (given: unknown) => dispatcher.read(name, given, owner),
      })),
      ...Object.entries(commands).map(([name, { input }]) => ({
        name,
        input,
        run: (given: unknown) =>
          dispatcher.command({ name, key: `hostile-${String(++key)}`, input: given }, owner),
      })),
      {
        name: "log:open",
        input: logRequest,
        run: async (given) => logs.open(parsed(logRequest, given)),
      },
    ];
    const hex = "0123456789abcdef";
    const known = {
      repository,
      session: session.id,
      item: "bd-2",
      parent: "bd-2",
      dependsOn: "bd-2",
      on: "bd-1",
      question: "q-1",
      head,
      archive: head,
      branch: "restored/one",
      path: house.repository.path,
      file: "work.txt",
      url: "https://hooks.example.test/",
      secret: "x".repeat(16),
      webhook: "wh-abc123",
      comment: "c-1",
      person: "owner",
      name: "Somebody",
      since: "2026-01-01T00:00:00.000Z",
      ...{ device: hex, invitation: hex, token: hex },
    };
    const before = {
      refs: await refs(),
      files: await runGit(house.repository.path, "status", "--porcelain", "--ignored"),
    };
    const inside: string[] = [];
    const told: string[] = [];
    let asked = 0;
    let places = 0;
    const seen = new Set<string>();
    for (const { name, input, run } of operations) {
      for (const { place, input: right } of textPlaces(name, input, known)) {
        places += 1;
        // The first place of every name gets all of them; each further one a share, another one every time.
        const named = String(place.findLast((part) => typeof part === "string"));
        const isNew = named in known && !seen.has(named);
        seen.add(named);
        for (const text of corpus().filter((_, at) => isNew || (at + places) % 6 === 0)) {
          asked += 1;
          const where = `${name} ${place.join(".")} = ${JSON.stringify(text.slice(0, 60))}`;
          const problems: unknown[] = [];
          const answer = await run(withText(right, place, text)).catch((error: unknown) =>
            answerOf(error, (problem) => problems.push(problem)),
          );
          for (const problem of problems) inside.push(`${where}: ${String(problem)}`);
          if (JSON.stringify(answer ?? null).includes(secret)) told.push(where);
        }
      }
    }
    await application.settled();
    logs.close();
    console.log(`${String(asked)} hostile inputs in ${String(places)} places`);
    expect(places).toBeGreaterThan(90);

    expect(inside).toEqual([]);
    expect(told).toEqual([]);
    expect(await readdir(canaries)).toEqual([]);
    expect(Object.hasOwn(Object.prototype, mark)).toBe(false);
    const options = (await gitCalls()).flatMap(optionsIn);
    expect(options).toEqual([]);
    // What a person asked for by its right name aside, nothing in the checkout was touched.
    expect(await runGit(house.repository.path, "status", "--porcelain", "--ignored")).toBe(before.files);
    expect((await refs()).filter((ref) => ref.includes(mark))).toEqual([]);
    expect(before.refs.length).toBeGreaterThan(0);
  },
);

async function refs(): Promise<string[]> {
  const text = await runGit(house.repository.path, "for-each-ref", "--format=%(refname)");
  return text.split("\n");
}

async function gitCalls(): Promise<string[][]> {
  const files = await readdir(calls());
  const texts = await Promise.all(files.map((file) => readFile(join(calls(), file), "utf8")));
  const all = texts.flatMap((text) => text.split("\u001e\0").map((call) => call.split("\0").slice(0, -1)));
  expect(all.length).toBeGreaterThan(20);
  return all;
}
