import { Checkbox } from "#components/ui/checkbox.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { Prompt } from "#lib/domain/question.ts";

/** How wide a standing answer is meant; the words of the question always have to be the same. */
export interface RuleDraft {
  readonly sameOptions: boolean;
  readonly thisAgentType: boolean;
}

export const noRule: RuleDraft = { sameOptions: true, thisAgentType: false };

/** The rule in words, to be narrowed or widened before it is made. */
export function RuleFields({
  prompts,
  agentType,
  rule,
  onChange,
}: {
  prompts: readonly Prompt[];
  agentType: string;
  rule: RuleDraft;
  onChange: (rule: RuleDraft) => void;
}) {
  return (
    <div className="flex flex-col gap-2 rounded-lg bg-sunken p-3 text-xs text-muted">
      <p>
        Every later question of this repository with the same words
        {prompts.length > 1 ? ` in all ${String(prompts.length)} parts` : ""} gets this answer at once. It is
        listed under Standing answers, where it can be revoked.
      </p>
      <ul className="list-disc pl-4 text-text">
        {prompts.map(({ text }, index) => (
          <li key={index} className="line-clamp-2 [overflow-wrap:anywhere]">
            {visibleText(text)}
          </li>
        ))}
      </ul>
      <label className="flex items-center gap-2">
        <Checkbox
          checked={rule.sameOptions}
          onChange={(event) => onChange({ ...rule, sameOptions: event.target.checked })}
        />
        only with the same options
      </label>
      <label className="flex items-center gap-2">
        <Checkbox
          checked={rule.thisAgentType}
          onChange={(event) => onChange({ ...rule, thisAgentType: event.target.checked })}
        />
        only from {agentType}
      </label>
    </div>
  );
}
