"use client";

import { useCommand } from "#components/live/use-command.ts";
import { useRepositoryChoice } from "#components/live/use-repository-choice.ts";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Segments } from "#components/ui/segments.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { PersonView } from "#lib/contract/wire.ts";
import { roleWords } from "./role-words.ts";

/** An owner's view of what a person may do. */
export function PersonRights({ person }: { person: PersonView }) {
  const role = useCommand("team:role");
  const grant = useCommand("team:grant");
  const { all } = useRepositoryChoice();
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Segments
          label={`Role of ${visibleText(person.name)}`}
          value={person.role}
          onChange={(next) => next !== person.role && void role.run({ person: person.id, role: next })}
          choices={[
            ["viewer", "Viewer"],
            ["operator", "Operator"],
            ["owner", "Owner"],
          ]}
        />
        <span className="text-xs text-faint">{roleWords[person.role]}</span>
      </div>
      {person.role === "operator" && all.length > 0 && (
        <fieldset disabled={grant.busy}>
          <legend className="mb-1 text-xs font-medium text-muted">May land in</legend>
          <div className="flex flex-wrap gap-x-5 gap-y-1.5">
            {all.map(({ id, name }) => (
              <label key={id} className="flex items-center gap-2 text-sm pointer-coarse:h-9">
                <Checkbox
                  checked={person.lands.some((each) => each === id)}
                  onChange={(event) =>
                    void grant.run({ person: person.id, repository: id, lands: event.target.checked })
                  }
                />
                {visibleText(name)}
              </label>
            ))}
          </div>
        </fieldset>
      )}
    </div>
  );
}
