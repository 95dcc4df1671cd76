"use client";

import dynamic from "next/dynamic";
import { useEffect, useState } from "react";

const PaletteDialog = dynamic(() => import("./palette-dialog.tsx"), { ssr: false });

/** Loads the palette when it is first asked for: ⌘K, Ctrl K, or the button in the bar. */
export function Palette() {
  const [open, setOpen] = useState<boolean | null>(null);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      setOpen((isOpen) => isOpen !== true);
    };
    const onAsked = () => setOpen(true);
    window.addEventListener("keydown", onKeyDown);
    window.addEventListener("amplify:palette", onAsked);
    return () => {
      window.removeEventListener("keydown", onKeyDown);
      window.removeEventListener("amplify:palette", onAsked);
    };
  }, []);
  return open !== null && <PaletteDialog open={open} onOpenChange={setOpen} />;
}
