import { classNames } from "#components/ui/class-names.ts";
import type { LandingView } from "#lib/contract/wire.ts";
import { landingSteps } from "#lib/domain/merge.ts";

/** How far a landing is; `step` is the one that is done last. */
export function LandingTrain({ landing }: { landing: LandingView }) {
  const done = landingSteps.findIndex((step) => step === landing.step);
  return (
    <ol aria-label="Steps of the landing" className="mt-3 flex gap-1 sm:pl-8">
      {landingSteps.map((step, index) => (
        <li key={step} className="min-w-0 flex-1" aria-current={index === done + 1 ? "step" : undefined}>
          <div
            className={classNames(
              "h-1 rounded-full",
              index <= done ? "bg-good" : index === done + 1 ? "breathe bg-good" : "bg-line",
            )}
          />
          <p
            className={classNames(
              "mt-1 truncate text-2xs max-sm:sr-only",
              index <= done + 1 ? "text-muted" : "text-faint",
            )}
          >
            {step}
          </p>
        </li>
      ))}
    </ol>
  );
}
