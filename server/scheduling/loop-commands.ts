import { randomUUID } from "node:crypto";
import { ProblemError } from "../application.ts";
import type { Handler } from "../sessions/command.ts";
import { requireLanding } from "../sessions/commander.ts";
import { findRepository } from "../sessions/find-session.ts";
import type { LoopRow } from "../sessions/ports.ts";
import type { Room } from "../sessions/room.ts";
import { loopView } from "./loop-view.ts";
import { ofProject } from "./of-project.ts";

type LoopRoom = Pick<Room, "store" | "backlog">;

/** Starts a loop over a project or a whole backlog, or finds it running. */
export function createStartLoop({ store, backlog }: LoopRoom): Handler<"loop:start"> {
  return async (input, { actor, settle }) => {
    const { landing, maxSessions, maxFailures } = input;
    const repository = await findRepository(store, input.repository);
    if (landing === "auto") requireLanding(actor, repository.id);
    const { items } = await (await backlog(repository.id)).fresh();
    ofProject([...items.values()], input.project);
    const project = projectOf(input.project);
    return settle(async (at) => {
      const running = await store.loops({ repository: repository.id, status: "running", limit: 100 });
      const same = running.find((each) => each.project === project);
      if (same?.landing === landing) return { change: {}, answer: { loop: loopView(same), started: false } };
      const other = same ?? running.find((each) => each.project === null || project === null);
      if (other) throw runsAlready(other);
      const row: LoopRow = {
        id: `loop-${randomUUID().slice(0, 8)}`,
        repository: repository.id,
        project,
        landing,
        status: "running",
        maxSessions,
        maxFailures,
        reason: null,
        parked: [],
        by: actor.name,
        person: actor.person,
        startedAt: at,
        endedAt: null,
      };
      const what = `${describe(row)} of ${repository.name}`;
      return {
        answer: { loop: loopView(row), started: true },
        change: {
          loops: [row],
          facts: [
            {
              name: "loop:started",
              repository: repository.id,
              session: null,
              actor: actor.name,
              text: `${actor.name} began to work off ${what}; ${landing === "auto" ? "approved work lands by itself" : "landing is asked for"}.`,
              changes: { loops: [loopView(row)] },
            },
          ],
          audit: [
            {
              actor: actor.name,
              action: "loop:start",
              target: row.id,
              outcome: "done",
              detail: `${what}, landing ${landing}`,
            },
          ],
        },
      };
    });
  };
}

/** Ends loops; what they have begun goes on by itself. */
export function createStopLoop({ store }: LoopRoom): Handler<"loop:stop"> {
  return async (input, { actor, settle }) => {
    const repository = input.loop === null ? await findRepository(store, input.repository) : null;
    return settle(async (at) => {
      const running = await store.loops({
        repository: repository?.id ?? null,
        status: "running",
        limit: 1000,
      });
      const wanted = projectOf(input.project);
      const meant = running.filter(({ id, project }) =>
        input.loop === null ? wanted === null || project === wanted : id === input.loop,
      );
      if (input.loop !== null && meant.length === 0)
        throw new ProblemError("not-found", `No loop ${input.loop} is running.`);
      const rows = meant.map((row) => ({
        ...row,
        status: "stopped" as const,
        reason: `${actor.name} stopped it.`,
        endedAt: at,
      }));
      return {
        answer: { loops: rows.map(loopView) },
        change:
          rows.length === 0
            ? {}
            : {
                loops: rows,
                facts: rows.map((row) => ({
                  name: "loop:stopped",
                  repository: row.repository,
                  session: null,
                  actor: actor.name,
                  text: `${actor.name} stopped working off ${describe(row)}; sessions go on.`,
                  changes: { loops: [loopView(row)] },
                })),
                audit: rows.map(({ id }) => ({
                  actor: actor.name,
                  action: "loop:stop",
                  target: id,
                  outcome: "done",
                  detail: "",
                })),
              },
      };
    });
  };
}

/** A project's name without the prefix of its label. */
function projectOf(label: string | null): string | null {
  return label?.replace(/^project:/, "") ?? null;
}

function describe({ project }: LoopRow): string {
  return project === null ? "the backlog" : `the project ${project}`;
}

function runsAlready(row: LoopRow): ProblemError {
  return new ProblemError(
    "conflict",
    `${row.by} works off ${describe(row)} already, with landing ${row.landing} (${row.id}).`,
    "Stop that one first: amplify session execute --stop",
  );
}
