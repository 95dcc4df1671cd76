"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { useModel } from "#components/live/use-model.ts";
import { Avatar } from "#components/ui/avatar.tsx";
import { visibleText } from "#components/ui/visible-text.ts";

const look = "ml-1 grid size-8 place-items-center rounded-full hover:bg-hover pointer-coarse:size-11";
const PersonMenu = dynamic(() => import("./person-menu.tsx"), {
  ssr: false,
  loading: () => <span className={look} />,
});

/** Who is signed in; the menu behind it is loaded when somebody wants it. */
export function PersonButton() {
  const me = useModel((model) => model.me);
  const [wanted, setWanted] = useState(false);
  if (!me) return null;
  const name = visibleText(me.name);
  const button = {
    className: look,
    children: (
      <>
        <Avatar id={me.id} name={name} />
        <span className="sr-only">{`${name}, ${me.role}: team, activity, sign out`}</span>
      </>
    ),
  };
  return wanted ? (
    <PersonMenu me={me} button={button} />
  ) : (
    <button
      type="button"
      aria-haspopup="menu"
      aria-expanded={false}
      onClick={() => setWanted(true)}
      {...button}
    />
  );
}
