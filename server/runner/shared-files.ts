import { watch } from "node:fs";
import { join } from "node:path";
import type { Spec } from "#lib/contract/files.ts";
import { due } from "#lib/domain/due.ts";
import { activeOf } from "#lib/domain/run-state.ts";
import type { Agent } from "#server/ports.ts";
import { foreignQuestions, takeAsks, type FileAsks } from "./asks.ts";
import { mendProjected, projectedFiles } from "./projected-files.ts";
import type { Record } from "./record.ts";
import { mendReviewFile } from "./review-file.ts";
import { sceneOf } from "./scene.ts";
import type { RunnerPorts } from "./session.ts";

/** The files of the session directory that agents and people may write into, while we write or read them too. */
export interface SharedFiles {
  /** Takes in what others have written since the last look: questions count, anything else is undone and told. */
  look(): Promise<void>;
  close(): void;
}

export function openSharedFiles(order: {
  readonly directory: string;
  readonly spec: Spec;
  readonly agent: Agent;
  readonly ports: RunnerPorts;
  readonly record: Record;
  /** Something may be new in one of them, or in the inbox. */
  readonly changed: () => void;
  /** A record of the council is being written. */
  readonly isConcluding: () => boolean;
}): SharedFiles {
  const { directory, spec, agent, ports, record, changed } = order;
  // The projected ones were looked at when the record was opened.
  const touched = new Set(["questions.json", "review.json"]);
  const watched = new Set<string>([...touched, ...projectedFiles]);
  const watchers = [
    watch(join(directory, "inbox"), changed),
    watch(join(directory, "asks"), changed),
    watch(directory, (_, name) => {
      if (name === null || !watched.has(name)) return;
      touched.add(name);
      changed();
    }),
  ];
  for (const watcher of watchers) watcher.on("error", () => watcher.close());
  const stamp = () => ports.clock.now().toISOString();

  const takeQuestions = async () => {
    const active = activeOf(record.run.state);
    if (!active) return;
    const asker = {
      phase: active.status === "running" ? "implementation" : "review",
      step: record.run.steps,
    } as const;
    await keepAsks(await takeAsks(directory, record.run, asker, stamp()));
    if (!touched.delete("questions.json")) return;
    const foreign = await foreignQuestions(directory, record.run, asker, stamp());
    if (!foreign) return;
    await keepAsks(foreign);
    record.rewrite("questions.json");
    await record.settle();
  };

  const keepAsks = async ({ asked, problems }: FileAsks) => {
    const { run } = record;
    const scene =
      asked.length > 0 ? await sceneOf({ directory, spec, agent, ports, run }, run.steps) : undefined;
    for (const question of asked) await record.append({ kind: "asked", question: { ...question, scene } });
    for (const text of problems) await record.append({ kind: "warned", text });
  };

  /** A record of the council that is not ours counts for nothing. While one is being written it is left alone. */
  const checkReview = async () => {
    if (due(record.run, spec.limits).kind === "conclude" || order.isConcluding()) return;
    if (!touched.delete("review.json")) return;
    const found = await mendReviewFile(directory, record.run.reviews.at(-1), stamp());
    if (!found) return;
    record.rewrite("review.json");
    await record.append(found);
    await record.settle();
  };

  /** What somebody else wrote into our files for people counts for nothing. */
  const checkProjected = async () => {
    for (const name of projectedFiles) {
      if (!touched.delete(name)) continue;
      const known = () => ({ spec, run: record.run, seq: record.seq });
      const found = await mendProjected(directory, name, known, stamp());
      if (!found) continue;
      record.rewrite(name);
      await record.append(found);
      await record.settle();
    }
  };

  return {
    async look() {
      await takeQuestions();
      await checkReview();
      await checkProjected();
    },
    close() {
      for (const watcher of watchers) watcher.close();
    },
  };
}
