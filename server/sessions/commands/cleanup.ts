import type { CommandOutput } from "#lib/contract/wire.ts";
import { isAlive } from "#lib/domain/run-state.ts";
import type { Handler } from "../command.ts";
import type { Evidence, Witness } from "../evidence.ts";
import { findRepository } from "../find-session.ts";
import type { NewFact, SessionRow } from "../ports.ts";
import type { Room } from "../room.ts";

type Finding = CommandOutput<"session:cleanup">["findings"][number];

/** How long the runner gets to judge a step whose process is gone: on a busy machine it is only slow. */
const runnerPatienceMs = 15_000;

/**
 * Records what the evidence says about living sessions: one whose process is gone is judged by its runner, a
 * silent one is stale. What the runner does not judge stays unknown: it alone knows what the step came to and
 * what of it still lives. Waiting is never stale.
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

  /** Rings the runner and waits until it has looked at the step, or its time is up; false where it has not. */
  async function letRunnerJudge(before: SessionRow): Promise<boolean> {
    const isJudged = ({ id, state, view }: SessionRow) =>
      id === before.id && (state.status !== before.state.status || view.pid !== before.view.pid);
    await new Promise<void>((done) => {
      const finish = () => {
        cancel();
        unsubscribe();
        done();
      };
      const cancel = room.clock.after(runnerPatienceMs, finish);
      const unsubscribe = room.ledger.onChange(({ sessions }) => {
        if (sessions?.some(isJudged)) finish();
      });
      room.runner.ring(before.view.directory);
    });
    await intake.takeIn(before.id);
    const now = await store.session(before.id);
    return now === null || isJudged(now);
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
    const judged = new Set<SessionRow["id"]>();
    if (!dryRun) {
      const dead = suspects.filter(({ evidence }) => evidence.process === "gone");
      await Promise.all(
        dead.map(async ({ row }) => {
          if (await letRunnerJudge(row)) judged.add(row.id);
        }),
      );
    }
    return settle(async (at) => {
      const findings: Finding[] = [];
      const stale: SessionRow[] = [];
      for (const { row, evidence } of suspects) {
        const current = await store.session(row.id);
        if (!current) continue;
        const isGone = evidence.process === "gone";
        const isUnjudged = !dryRun && isGone && !judged.has(row.id);
        const marked =
          !dryRun && !isGone && current.state.status === row.state.status
            ? { ...current, view: { ...current.view, evidence: { ...evidence, derived: "stale" as const } } }
            : null;
        if (marked) stale.push(marked);
        findings.push({
          session: row.id,
          was: statusBefore.get(row.id) ?? row.state.status,
          found: isGone
            ? `Process ${row.view.pid ?? ""} is gone${isUnjudged ? `, and its runner has not said what it came to: look again, or \`amplify session stop ${row.id}\`` : ""}.`
            : `No sign of life since ${evidence.lastByteAt ?? row.view.since}.`,
          done: dryRun ? "nothing" : isUnjudged ? "unknown" : marked ? "stale" : current.state.status,
        });
      }
      const audit = {
        actor: actor.name,
        action: "session:cleanup",
        target: "sessions",
        outcome: "done",
        detail: `${findings.length} found`,
      };
      return {
        change: {
          sessions: stale,
          facts: stale.map((row) => staleFact(row, actor.name, at)),
          audit: dryRun ? [] : [audit],
        },
        answer: { checked, findings },
      };
    });
  };
}

function staleFact(row: SessionRow, actor: string, at: string): NewFact {
  const since = row.view.evidence.lastByteAt ?? row.view.since;
  const minutes = Math.floor((Date.parse(at) - Date.parse(since)) / 60_000);
  return {
    name: "warning:raised",
    repository: row.repository,
    session: row.id,
    actor,
    text: `${row.item} is stale: no sign of life for ${minutes} minutes.`,
    changes: { sessions: [row.view] },
  };
}
