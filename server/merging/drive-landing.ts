import { hasLanded, nextLandingStep } from "#lib/domain/merge.ts";
import type { LandingStep } from "#lib/domain/merge.ts";
import { crashPoint, type CrashPoint } from "#server/crash-point.ts";
import { CheckoutBusyError } from "#server/ports.ts";
import { baseHolds, build, preview } from "./build-step.ts";
import { archive, clean, close, removeLandingRef } from "./finish-steps.ts";
import { gateStep } from "./gate-step.ts";
import { landingDetails, landingView } from "./landing.ts";
import { bringCheckout, moveStep, takeBack } from "./move-step.ts";
import { propose, push } from "./remote-steps.ts";
import type { Landing, LandingJournal, LandingOrder, LandingOutcome, MergingDeps } from "./ports.ts";
import { buildRevert, previewRevert, reopen } from "./revert-steps.ts";
import { removeScratch } from "./run-gate.ts";
import type { Step, StepResult } from "./step-result.ts";
import { done, wordsOf } from "./step-result.ts";

/** Why a landing is to halt: a person's cancel ends it, the server's end only pauses it. */
export interface Halts {
  readonly cancel: AbortSignal;
  readonly pause: AbortSignal;
}

/**
 * Takes a landing as far as it goes: to its end, or to a step that has to be tried again later (its status
 * is then still `running`). Each step is written down when it is done, so that a landing which died
 * anywhere goes on here from its journal. Rejects only where the journal cannot be written.
 */
export async function driveLanding(start: Landing, deps: MergingDeps, halts: Halts): Promise<Landing> {
  let landing = start;
  const keep = async (change: Partial<LandingJournal>, step = landing.step): Promise<void> => {
    landing = { ...landing, step, journal: { ...landing.journal, ...change } };
    await deps.store.save(landing);
  };
  const tell = () => deps.onAdvance(landingView(landing), landingDetails(landing));
  const finish = async (outcome: LandingOutcome, learned: Partial<LandingJournal> = {}): Promise<Landing> => {
    await keep({ ...learned, outcome, trouble: null });
    return endLanding(landing, deps);
  };
  const isPaused = () => halts.pause.aborted;
  const isCancelled = () => halts.cancel.aborted && !hasLanded(landing.step);
  const steps = stepsOf(landing.journal.order, {
    intend: (moving) => keep({ moving }),
    async gating(gateLog) {
      await keep({ gateLog });
      await tell();
    },
  });

  if (landing.journal.outcome !== null) return endLanding(landing, deps);
  for (;;) {
    const next = nextLandingStep(landing.step);
    if (next === null) return finish(landed(landing));
    if (isPaused()) return landing;
    const isTakenBack = isCancelled();

    crashPoint(`${next}:before` as CrashPoint);
    const result = await attempt(
      landing,
      next,
      isTakenBack ? takeBack : steps[next],
      deps,
      AbortSignal.any([halts.cancel, halts.pause]),
    );
    crashPoint(`${next}:after` as CrashPoint);
    switch (result.kind) {
      case "done":
        await keep({ ...result.learned, trouble: null }, result.upTo ?? next);
        await tell();
        break;
      case "again":
        await keep(
          { base: null, tree: null, commit: null, gate: null, gateLog: null, moving: null, trouble: null },
          null,
        );
        await tell();
        break;
      case "ended":
        return finish(
          { end: result.end, message: result.message, conflicts: result.conflicts ?? [] },
          result.learned,
        );
      case "later":
        if (isPaused() || (isCancelled() && !isTakenBack)) break;
        await keep({ ...result.learned, trouble: result.trouble });
        await tell();
        return landing;
    }
  }
}

/** What steps write down while they are under way. */
interface Notes {
  readonly intend: (moving: LandingJournal["moving"]) => Promise<void>;
  readonly gating: (log: number) => Promise<void>;
}

function stepsOf({ undo, after }: LandingOrder, { intend, gating }: Notes): Record<LandingStep, Step> {
  const common = {
    gated: gateStep(gating),
    moved: after.how === "pull-request" ? propose : moveStep(intend),
    "checked-out": bringCheckout,
  };
  if (undo !== null) {
    const nothing: Step = () => Promise.resolve(done());
    return {
      ...common,
      previewed: previewRevert(undo),
      built: buildRevert(undo),
      closed: reopen(undo),
      archived: nothing,
      cleaned: push,
    };
  }
  return {
    ...common,
    previewed: preview,
    built: build,
    closed: close,
    archived: archive,
    cleaned: pushThenClean,
  };
}

const pushThenClean: Step = async (landing, deps, signal) => {
  const pushed = await push(landing, deps, signal);
  if (pushed.kind !== "done") return pushed;
  const journal = { ...landing.journal, ...pushed.learned };
  const cleaned = await clean({ ...landing, journal }, deps, signal);
  return cleaned.kind === "done" ? done({ ...pushed.learned, ...cleaned.learned }) : cleaned;
};

/** A step that throws ends a landing that main does not hold yet; one that main holds is tried again. */
async function attempt(
  landing: Landing,
  name: LandingStep,
  step: Step,
  deps: MergingDeps,
  signal: AbortSignal,
): Promise<StepResult> {
  try {
    return await step(landing, deps, signal);
  } catch (error) {
    const words = wordsOf(error).replace(/\.?$/, ".");
    if (hasLanded(landing.step) || error instanceof CheckoutBusyError)
      return { kind: "later", trouble: words };
    if (name === "moved" && (await mayHaveMoved(landing, deps))) return { kind: "later", trouble: words };
    const { base } = landing.journal.order.repository;
    return { kind: "ended", end: "error", message: `${words} ${base} was not touched.` };
  }
}

/** True also where git cannot tell now: then only a later look may say that nothing happened. */
async function mayHaveMoved({ journal }: Landing, { git }: MergingDeps): Promise<boolean> {
  try {
    return journal.commit !== null && (await baseHolds(git, journal.order, journal.commit));
  } catch {
    return true;
  }
}

/** Tells the end before it counts as one: a crash in between tells it again. */
async function endLanding(landing: Landing, deps: MergingDeps): Promise<Landing> {
  const { outcome, order } = landing.journal;
  if (outcome === null) throw new Error(`The landing ${landing.id} has no outcome.`);
  const problem = await removeTraces(landing, order, deps);
  const over: Landing = {
    ...landing,
    status: outcome.end,
    journal: {
      ...landing.journal,
      warnings: problem === null ? landing.journal.warnings : [...landing.journal.warnings, problem],
    },
    endedAt: deps.clock.now().toISOString(),
  };
  await deps.onAdvance(landingView(over), landingDetails(over));
  crashPoint("landing:ended");
  await deps.store.save(over);
  return over;
}

async function removeTraces(
  landing: Landing,
  order: LandingOrder,
  deps: MergingDeps,
): Promise<string | null> {
  try {
    if (order.gate.length > 0) await removeScratch(landing, deps);
    await removeLandingRef(landing.id, order.repository.root, deps);
    return null;
  } catch (error) {
    return `Tidying up after it failed: ${wordsOf(error)}.`;
  }
}

function landed({ journal }: Landing): LandingOutcome {
  const { order, byHand, gate, pushed } = journal;
  const { base } = order.repository;
  const done = order.undo === null ? `Merged to ${base}` : `Taken back from ${base}`;
  const flaky = gate?.kind === "flaky" ? " Its gate was red at first and green when it was tried again." : "";
  const where = pushed === null ? "" : ` and pushed to ${pushed}`;
  return { end: "landed", message: `${done}${byHand ? " by hand" : ""}${where}.${flaky}`, conflicts: [] };
}
