"use client";

import { Ellipsis } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { buttonLook } from "./button.tsx";
import type { MenuEntry } from "./menu.tsx";

const className = buttonLook({ kind: "plain", size: "icon" });
const Menu = dynamic(() => import("./menu.tsx"), {
  ssr: false,
  loading: () => <span className={className} />,
});

/** What is done rarely; the menu behind it is loaded when somebody wants it. */
export function MoreButton({ label, entries }: { label: string; entries: readonly MenuEntry[] }) {
  const [wanted, setWanted] = useState(false);
  const button = { className, "aria-label": label, children: <Ellipsis aria-hidden /> };
  return wanted ? (
    <Menu entries={entries} button={button} />
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
