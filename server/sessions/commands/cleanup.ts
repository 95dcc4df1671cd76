import type { CommandOutput } from "#lib/contract/wire.ts";
import { isAlive } from "#lib/domain/run-state.ts";
import type { Handler } from "../command.ts";
import type { Evidence, Witness } from "../evidence.ts";
import { findRepository } from "../find-session.ts";
import type { NewFact, SessionRow } from "../ports.ts";
import type { Room } from "../room.ts";
import { moved } from "../session-row.ts";

type Finding = CommandOutput<"session:cleanup">["findings"][number];

/** How long the runner gets to judge a step whose process is gone, before we say so ourselves. */
const runnerPatienceMs = 5000;

/**
 * Records what the evidence says about living sessions: one whose process is gone fails, a silent one is
 * stale. The runner judges its own steps; only where it does not, we do. Waiting is never stale.
 */
export function createCleanup(room: Room & { readonly witness: Witness }): Handler<"session:cleanup"> {
  const { store, intake, witness } = room;

  async function examine(id: SessionRow["id"]): Promise<{ row: SessionRow; evidence: Evidence } | null> {
    await intake.takeIn(id);
    const row = await store.session(id);
    if (!row?.spec) return null;
    const run = await intake.runOf(row);
    return isAlive(run.state) ? { row, evidence: await witness.look(row, run) } : null;
  }

  /** Rings the runner and waits until the session is not what it was, or the runner's time is up. */
  async function letRunnerJudge(row: SessionRow) {
    await new Promise<void>((done) => {
      const finish = () => {
        cancel();
        unsubscribe();
        done();
      };
      const cancel = room.clock.after(runnerPatienceMs, finish);
      const unsubscribe = room.ledger.onChange(({ sessions }) => {
        if (sessions?.some(({ id, state }) => id === row.id && state.status !== row.state.status)) finish();
      });
      room.runner.ring(row.view.directory);
    });
    await intake.takeIn(row.id);
  }

  return async ({ repository: wanted, dryRun }, { actor, settle }) => {
    const all = await store.repositories();
    const repository = wanted === null && all.length !== 1 ? null : await findRepository(store, wanted);
    const rows = await store.open(repository?.id ?? null);
    const statusBefore = new Map(rows.map(({ id, state }) => [id, state.status]));
    const suspects: { row: SessionRow; evidence: Evidence }[] = [];
    let checked = 0;
    for (const { id } of rows) {
      const found = await examine(id);
      if (!found) continue;
      checked += 1;
      if (found.evidence.process === "gone" || found.evidence.derived === "stale") suspects.push(found);
    }
    if (!dryRun) {
      const dead = suspects.filter(({ evidence }) => evidence.process === "gone");
      await Promise.all(dead.map(({ row }) => letRunnerJudge(row)));
    }
    return settle(async (at) => {
      const findings: Finding[] = [];
      const changed: SessionRow[] = [];
      for (const { row, evidence } of suspects) {
        const was = statusBefore.get(row.id) ?? row.state.status;
        const current = await store.session(row.id);
        if (!current) continue;
        const found =
          evidence.process === "gone"
            ? `Process ${row.view.pid ?? ""} is gone.`
            : `No sign of life since ${evidence.lastByteAt ?? row.view.since}.`;
        const isSettled = current.state.status !== row.state.status;
        const next = isSettled ? current : recorded(current, evidence, found, at);
        const done = dryRun ? "nothing" : evidence.process === "gone" ? next.state.status : "stale";
        findings.push({ session: row.id, was, found, done });
        if (!dryRun && next !== current) changed.push(next);
      }
      return {
        change: {
          sessions: changed,
          facts: changed.map((row) => factOf(row, actor.name)),
          audit: dryRun
            ? []
            : [
                {
                  actor: actor.name,
                  action: "session:cleanup",
                  target: "sessions",
                  outcome: "done",
                  detail: `${findings.length} found`,
                },
              ],
        },
        answer: { checked, findings },
      };
    });
  };
}

function recorded(row: SessionRow, evidence: Evidence, found: string, at: string): SessionRow {
  if (evidence.process === "gone") {
    const failure = { reason: "agent-killed", detail: found } as const;
    const failed = moved(row, { kind: "run-failed", failure }, at);
    return failed ? { ...failed, view: { ...failed.view, pid: null, endedAt: at } } : row;
  }
  return { ...row, view: { ...row.view, evidence: { ...evidence, derived: "stale" } } };
}

function factOf(row: SessionRow, actor: string): NewFact {
  const isFailed = row.state.status === "failed";
  return {
    name: isFailed ? "session:failed" : "warning:raised",
    repository: row.repository,
    session: row.id,
    actor,
    text: isFailed
      ? `${row.item} failed: its process is gone.`
      : `${row.item} is stale: no sign of life for an hour.`,
    changes: { sessions: [row.view] },
  };
}
