"use client";

import { useOthers } from "#components/live/use-company.ts";
import { useModel } from "#components/live/use-model.ts";
import { Avatar } from "#components/ui/avatar.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { Hint } from "#components/ui/hint.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { PresentPerson } from "#lib/contract/wire.ts";

const shown = 4;

/** The others who have the page open, and what they are at. */
export function WhoIsHere() {
  const others = useOthers(() => true);
  if (others.length === 0) return null;
  const rest = others.slice(shown);
  return (
    <ul aria-label="Also here" className="mr-1 flex gap-1">
      {others.slice(0, shown).map((person, index) => (
        <li key={person.id} className={classNames(index > 1 && "max-sm:hidden")}>
          <Present person={person} />
        </li>
      ))}
      {rest.length > 0 && (
        <li className="max-sm:hidden">
          <Hint text={rest.map(({ name }) => visibleText(name)).join(", ")}>
            <span
              tabIndex={0}
              className="grid size-6 place-items-center rounded-full bg-line text-[10px] font-semibold text-muted"
            >
              +{rest.length}
            </span>
          </Hint>
        </li>
      )}
    </ul>
  );
}

function Present({ person }: { person: PresentPerson }) {
  const [session] = person.sessions;
  const [answering] = person.answering;
  const item = useModel((model) => {
    const id = answering?.session ?? session;
    return id === undefined ? null : (model.sessions.get(id)?.item.id ?? null);
  });
  const doing = answering
    ? `writes an answer${item === null ? "" : ` for ${item}`}`
    : item === null
      ? person.role
      : `looks at ${item}`;
  const words = `${visibleText(person.name)}, ${doing}`;
  return (
    <Hint text={words}>
      <span tabIndex={0} className="block rounded-full">
        <Avatar {...person} label={words} />
      </span>
    </Hint>
  );
}
