"use client";

import { CircleHelp, Search } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { Hint } from "#components/ui/hint.tsx";
import { KeyCap } from "#components/ui/key-cap.tsx";
import { AlertsButton } from "./alerts-button.tsx";
import { LineLight } from "./line-light.tsx";
import { PersonButton } from "./person-button.tsx";
import { isHere, places } from "./places.ts";
import type { Theme } from "./theme-toggle.tsx";
import { ThemeToggle } from "./theme-toggle.tsx";
import { useCounts } from "./use-counts.ts";
import { WhoIsHere } from "./who-is-here.tsx";

export function TopBar({ theme, loop, onHelp }: { theme: Theme; loop: ReactNode; onHelp: () => void }) {
  const pathname = usePathname();
  const counts = useCounts();
  return (
    <header className="flex h-12 shrink-0 items-center gap-1 border-b border-line bg-surface px-3 sm:px-4">
      <Link
        href="/"
        className="mr-3 flex items-center gap-2 font-semibold tracking-tight"
        aria-label="Amplify, board"
      >
        {/* eslint-disable-next-line @next/next/no-img-element -- a static mark needs no image service */}
        <img src="/icon.svg" alt="" width={20} height={20} className="rounded-[5px]" />
        <span>Amplify</span>
      </Link>
      <nav aria-label="Pages" className="hidden h-full items-center sm:flex">
        {places.map(({ href, word, counts: counted, keys }) => {
          const isCurrent = isHere(pathname, href);
          const count = counted === null ? 0 : counts[counted];
          return (
            <Link
              key={href}
              href={href}
              aria-current={isCurrent ? "page" : undefined}
              aria-keyshortcuts={keys}
              className={classNames(
                "relative flex h-full items-center gap-1.5 px-2.5 text-sm",
                isCurrent
                  ? "font-medium text-text after:absolute after:inset-x-2.5 after:-bottom-px after:h-0.5 after:rounded-full after:bg-accent"
                  : "text-muted hover:text-text",
              )}
            >
              {word}
              {count > 0 && (
                <span
                  className={classNames(
                    "min-w-4.5 rounded-full px-1 text-center text-2xs leading-4.5 font-semibold",
                    counted === "attention"
                      ? "bg-attention-solid text-on-attention"
                      : "bg-good-soft text-good",
                  )}
                >
                  {count}
                </span>
              )}
            </Link>
          );
        })}
      </nav>
      <div className="ml-auto flex items-center gap-1">
        {loop}
        <WhoIsHere />
        <LineLight />
        <button
          type="button"
          onClick={() => window.dispatchEvent(new Event("amplify:palette"))}
          className="flex h-8 items-center gap-2 rounded-md border border-line bg-sunken px-2.5 text-sm text-muted hover:border-line-strong hover:text-text pointer-coarse:h-10"
          aria-keyshortcuts="Meta+K Control+K"
        >
          <Search className="size-3.5" aria-hidden />
          <span className="max-lg:sr-only">Search or do</span>
          <span className="hidden lg:inline">
            <KeyCap>⌘K</KeyCap>
          </span>
        </button>
        <AlertsButton />
        <ThemeToggle initial={theme} />
        <Hint text="Keyboard (?)">
          <Button
            kind="quiet"
            size="icon"
            aria-label="Keyboard help"
            onClick={onHelp}
            className="max-sm:hidden"
          >
            <CircleHelp className="!size-4" />
          </Button>
        </Hint>
        <PersonButton />
      </div>
    </header>
  );
}
