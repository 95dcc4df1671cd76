import { roleWord } from "#components/live/review-look.ts";
import { visibleText } from "#components/ui/visible-text.ts";
import { duration } from "#components/ui/since.tsx";
import type { Review } from "#lib/domain/review.ts";

/** What a verdict rests on: who really ran, the validation of exactly this head, what the tech lead changed, the limits. */
export function CouncilProof({ review }: { review: Review }) {
  const { validation, fixes, limits } = review;
  const attended = [...review.parts, ...review.uncounted].flatMap((part) => part.attended);
  const ran = [...new Set(attended.map(({ role }) => role))];
  const silent = ran.filter((role) => attended.some((each) => each.role === role && !each.reported));
  const red = validation?.commands.filter(({ exit }) => exit !== 0).map(({ name }) => name) ?? [];
  return (
    <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 text-xs text-muted [&_dd]:min-w-0 [&_dd]:[overflow-wrap:anywhere] [&_dt]:text-faint">
      {ran.length > 0 && (
        <>
          <dt>Ran</dt>
          <dd>
            {ran.map((role) => roleWord[role]).join(", ")}
            {silent.length > 0 && (
              <span className="text-attention">
                {" "}
                · no report from {silent.map((role) => roleWord[role]).join(", ")}
              </span>
            )}
          </dd>
        </>
      )}
      <dt>Validated</dt>
      <dd>
        {validation === null
          ? "not this head"
          : validation.commands.length === 0
            ? "no command is configured"
            : validation.passed
              ? visibleText(validation.commands.map(({ name }) => name).join(", "))
              : `red: ${visibleText(red.join(", "))}`}
      </dd>
      {fixes.map(({ commit, subject }) => (
        <Fixed key={commit} commit={commit} subject={subject} />
      ))}
      {limits && (
        <>
          <dt>Limits</dt>
          <dd>
            {duration(limits.timeLimitMs)} ·{" "}
            {limits.budgetUsd === null ? "no budget of its own" : `$${limits.budgetUsd.toFixed(2)}`} ·{" "}
            {limits.rebuttals} {limits.rebuttals === 1 ? "rebuttal" : "rebuttals"}
          </dd>
        </>
      )}
    </dl>
  );
}

function Fixed({ commit, subject }: { commit: string; subject: string }) {
  return (
    <>
      <dt>Fixed</dt>
      <dd>
        <span className="font-mono">{commit.slice(0, 9)}</span> {visibleText(subject)}
      </dd>
    </>
  );
}
