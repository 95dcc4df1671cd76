import { classNames } from "#components/ui/class-names.ts";
import type { LandingView } from "#lib/contract/wire.ts";
import type { LandingStep } from "#lib/domain/merge.ts";
import { landingSteps } from "#lib/domain/merge.ts";
import { stepWords } from "./step-words.ts";

/** How far a landing is; the one after the last that is done is at work. */
export function LandingTrain({ landing }: { landing: LandingView }) {
  const done = landingSteps.indexOf(landing.step as LandingStep);
  const isOver = landing.status !== "running";
  return (
    <ol aria-label={`Steps of the landing of ${landing.item}`} className="flex gap-1">
      {landingSteps.map((step, index) => {
        const isNext = index === done + 1;
        const isStuck = isNext && isOver && landing.status !== "landed";
        return (
          <li key={step} className="min-w-0 flex-1" aria-current={isNext && !isOver ? "step" : undefined}>
            <div
              className={classNames(
                "h-1 rounded-full",
                index <= done
                  ? "bg-good"
                  : isStuck
                    ? "bg-bad"
                    : isNext && !isOver
                      ? "breathe bg-good"
                      : "bg-line",
              )}
            />
            <p
              className={classNames(
                "mt-1 text-2xs",
                isNext ? "whitespace-nowrap" : "truncate max-sm:sr-only",
                isStuck ? "text-bad" : index <= done + 1 ? "text-muted" : "text-faint",
              )}
            >
              {stepWords[step]}
            </p>
          </li>
        );
      })}
    </ol>
  );
}
