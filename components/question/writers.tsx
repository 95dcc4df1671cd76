"use client";

import { useOthers } from "#components/live/use-company.ts";
import { Avatar } from "#components/ui/avatar.tsx";
import { visibleText } from "#components/ui/visible-text.ts";

/** Who else is writing an answer to this question, so that nobody does it twice. */
export function Writers({ session, question }: { session: string; question: string }) {
  const others = useOthers(({ answering }) =>
    answering.some((each) => each.session === session && each.question === question),
  );
  const names = others.map(({ name }) => visibleText(name));
  return (
    <div role="status" data-testid="writers" className="contents">
      {others.length > 0 && (
        <p className="appear flex items-center gap-2 rounded-lg bg-info-soft px-3 py-2 text-sm text-info">
          <span className="flex gap-0.5">
            {others.slice(0, 3).map((person) => (
              <Avatar key={person.id} {...person} className="!size-5 !text-[9px]" />
            ))}
          </span>
          {names.length === 1
            ? `${names[0] ?? ""} is writing an answer`
            : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""} are writing answers`}
        </p>
      )}
    </div>
  );
}
