"use client";

import { useLooking, useOthers } from "#components/live/use-company.ts";
import { Avatar } from "#components/ui/avatar.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { SessionView } from "#lib/contract/wire.ts";

/** Who else looks at this session; and tells them that this window does. */
export function Watchers({ session }: { session: SessionView["id"] }) {
  useLooking(session);
  const others = useOthers(({ sessions }) => sessions.includes(session));
  if (others.length === 0) return null;
  const names = others.map(({ name }) => visibleText(name));
  return (
    <span data-testid="watchers" className="inline-flex items-center gap-1.5">
      <span className="flex gap-0.5">
        {others.slice(0, 3).map((person) => (
          <Avatar key={person.id} {...person} className="!size-[18px] !text-[8px]" />
        ))}
      </span>
      <span>
        {names.length > 2
          ? `${names.slice(0, 2).join(", ")} and ${String(names.length - 2)} more`
          : names.join(" and ")}{" "}
        {names.length === 1 ? "looks" : "look"} at this too
      </span>
    </span>
  );
}
