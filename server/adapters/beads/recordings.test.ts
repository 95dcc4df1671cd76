import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Item } from "#lib/domain/item.ts";
import type { RunTool, ToolRun } from "#server/ports.ts";
import { createBd } from "./bd.ts";
import { lacksDependencies, readItem } from "./bd-item.ts";
import { readObjects } from "./bd-output.ts";

interface Call {
  readonly name: string;
  readonly argv: readonly string[];
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Recording {
  readonly version: { readonly version: string };
  readonly ids: Readonly<Record<"epic" | "schema" | "api" | "bug" | "chore", string>>;
  readonly calls: readonly Call[];
}

const folder = join(import.meta.dirname, "../../../e2e/fixtures/recordings/bd");
const clock = { now: () => new Date(0), after: () => () => undefined };

/** A tool that answers as the real one was heard to. */
function replay(call: Call): RunTool {
  const run: ToolRun = { end: "exited", signal: null, durationMs: 1, ...call };
  return () => Promise.resolve(run);
}

for (const version of ["0.47.1", "0.49.6", "0.50.3"]) {
  const recording = JSON.parse(readFileSync(join(folder, `bd-${version}.json`), "utf8")) as Recording;
  const { ids } = recording;
  const hear = async (name: string) => {
    const call = recording.calls.find((each) => each.name === name);
    if (!call) throw new Error(`no recording of ${name}`);
    const bd = createBd({ repository: "/repo", runTool: replay(call), clock, env: {} });
    return bd.write(call.argv.slice(1), { actor: "a", repeatable: false });
  };
  const items = async (name: string): Promise<Item[]> =>
    readObjects(await hear(name))
      .map(readItem)
      .filter((item) => item !== null);

  describe(`what bd ${version} says`, () => {
    it("[B18] lists, ready items and empty ones are read", async () => {
      expect((await items("list")).map(({ id }) => id).sort()).toEqual(Object.values(ids).sort());
      expect((await items("ready")).map(({ id }) => id)).not.toContain(ids.api);
      expect(await items("list empty")).toEqual([]);
      expect(await items("ready empty")).toEqual([]);
      expect((await items("ready label")).map(({ id }) => id)).toEqual([ids.schema]);
    });

    it("[B18] a list without dependencies is noticed, and show supplies them", async () => {
      const listed = readObjects(await hear("list"));
      const blocked = listed.find((issue) => issue["id"] === ids.api);
      expect(lacksDependencies(blocked ?? {})).toBe(version === "0.47.1");
      const [shown] = await items("show");
      expect(shown).toMatchObject({
        id: ids.api,
        title: 'API with "quotes" & <tags> and ünïcode 日本',
        description: "Line one\nLine two\n\n```sql\nselect 1\n```",
        labels: ["project:auth"],
        dependencies: [{ from: ids.api, to: ids.schema, kind: "blocks" }],
      });
    });

    it("[B18] parents are found, in either shape of dependencies", async () => {
      const [claimed] = await items("show claimed");
      expect(claimed).toMatchObject({ parent: ids.epic, status: "in_progress", assignee: "session-a" });
      if (version !== "0.47.1") {
        expect((await items("list")).find(({ id }) => id === ids.schema)?.parent).toBe(ids.epic);
      }
    });

    it("[B18] the state that a write printed is read", async () => {
      expect(await items("claim")).toMatchObject([{ status: "in_progress", assignee: "session-a" }]);
      expect(await items("release")).toMatchObject([{ status: "open", assignee: null }]);
      expect(await items("close")).toMatchObject([{ status: "closed", closeReason: "Merged to main" }]);
      expect(await items("reopen")).toMatchObject([{ status: "open", assignee: "session-a" }]);
      expect((await items("create chore"))[0]).toMatchObject({ title: "-leading dash", priority: 4 });
    });

    it("[B18] times are UTC with milliseconds whatever was printed", async () => {
      for (const item of await items("list"))
        expect(item.createdAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/);
    });

    it.each([
      ["show unknown", "not-found"],
      ["update unknown", "not-found"],
      ["close unknown", "not-found"],
      ["dep add unknown", "not-found"],
      ["claim by another", "already-claimed"],
      ["claim again by the same", "already-claimed"],
      ["close blocked item", "blocked"],
      ["dep add cycle refused", "invalid"],
      ["update invalid status", "invalid"],
      ["show with include flags", "invalid"],
      ["no workspace: list", "no-workspace"],
      ["update nothing", "bad-output"],
    ])("[B19] %s is told as %s", async (name, kind) => {
      await expect(hear(name)).rejects.toMatchObject({ name: "WorkSourceError", kind });
    });
  });
}
