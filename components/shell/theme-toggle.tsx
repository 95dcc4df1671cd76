"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Hint } from "#components/ui/hint.tsx";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const icons = { system: Monitor, light: Sun, dark: Moon };

/** Kept in a cookie, so that the first paint is right without a script in the page's head. */
export function ThemeToggle({ initial }: { initial: Theme }) {
  const [theme, setTheme] = useState(initial);
  const Icon = icons[theme];
  const toggle = () => {
    const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? "system";
    setTheme(next);
    document.documentElement.dataset.theme = next;
    document.cookie = `theme=${next}; path=/; max-age=31536000; samesite=lax`;
  };
  return (
    <Hint text={`Theme: ${theme}`}>
      <Button kind="quiet" size="icon" aria-label={`Theme: ${theme}. Change it`} onClick={toggle}>
        <Icon className="!size-4" />
      </Button>
    </Hint>
  );
}
