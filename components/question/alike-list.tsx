import { Checkbox } from "#components/ui/checkbox.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import { questionKeyOf } from "./question-key.ts";
import type { QuestionView } from "#lib/contract/wire.ts";

/** Others that ask the same: which of them get the answer too. */
export function AlikeList({
  views,
  left,
  onToggle,
}: {
  views: readonly QuestionView[];
  /** Keys of those that are left out. */
  left: ReadonlySet<string>;
  onToggle: (key: string) => void;
}) {
  return (
    <fieldset className="flex flex-col gap-1.5 rounded-lg bg-sunken p-3">
      <legend className="sr-only">Who gets this answer too</legend>
      <p className="text-xs font-medium text-muted">
        {views.length === 1 ? "One more session asks" : `${String(views.length)} more sessions ask`} the same.
        The answer goes to those that are ticked.
      </p>
      {views.map((view) => {
        const key = questionKeyOf(view);
        return (
          <label key={key} className="flex min-w-0 items-center gap-2 text-sm">
            <Checkbox checked={!left.has(key)} onChange={() => onToggle(key)} />
            <span className="shrink-0 font-mono text-xs text-muted">{view.item.id}</span>
            <span className="min-w-0 truncate">{visibleText(view.item.title)}</span>
          </label>
        );
      })}
    </fieldset>
  );
}
