"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { classNames } from "#components/ui/class-names.ts";
import { isHere, places } from "./places.ts";
import { useCounts } from "./use-counts.ts";

/** The pages under the thumb. */
export function MobileNav() {
  const pathname = usePathname();
  const counts = useCounts();
  return (
    <nav
      aria-label="Pages"
      className="grid shrink-0 grid-cols-5 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] sm:hidden"
    >
      {places.map(({ href, word, icon: Icon, counts: counted }) => {
        const isCurrent = isHere(pathname, href);
        const count = counted === null ? 0 : counts[counted];
        return (
          <Link
            key={href}
            href={href}
            aria-current={isCurrent ? "page" : undefined}
            className={classNames(
              "flex h-14 flex-col items-center justify-center gap-0.5 text-2xs",
              isCurrent ? "font-medium text-accent" : "text-muted",
            )}
          >
            <span className="relative">
              <Icon className="size-5" strokeWidth={1.75} aria-hidden />
              {count > 0 && (
                <span
                  className={classNames(
                    "absolute -top-1 left-3 min-w-4 rounded-full px-1 text-center text-[10px] leading-4 font-semibold",
                    counted === "attention"
                      ? "bg-attention-solid text-on-attention"
                      : "bg-good-solid text-on-accent",
                  )}
                >
                  {count}
                </span>
              )}
            </span>
            {word}
          </Link>
        );
      })}
    </nav>
  );
}
