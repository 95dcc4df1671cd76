"use client";

import type { LucideIcon } from "lucide-react";
import { Lock } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";
import { toast } from "./toast.ts";

export interface MenuEntry {
  readonly key: string;
  readonly icon: LucideIcon;
  readonly word: string;
  /** What it does, in one sentence. */
  readonly says: string;
  /** Why not, as a sentence; null for whom it is. */
  readonly whyNot: string | null;
  readonly isGrave?: boolean;
  readonly onSelect: () => void;
}

/** Things to do, each with what it does; opens as soon as it is here. */
export default function Menu({
  entries,
  button,
}: {
  entries: readonly MenuEntry[];
  button: ComponentProps<"button">;
}) {
  return (
    <DropdownMenu.Root defaultOpen>
      <DropdownMenu.Trigger {...button} />
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          className="appear z-50 w-80 max-w-[calc(100vw-1rem)] rounded-lg border border-line-strong bg-raised p-1.5 text-text shadow-float"
        >
          {entries.map(({ key, icon: Icon, word, says, whyNot, isGrave, onSelect }) => (
            <DropdownMenu.Item
              key={key}
              aria-disabled={whyNot !== null || undefined}
              onSelect={() => {
                if (whyNot === null) onSelect();
                else toast.info(whyNot);
              }}
              className={classNames(
                "flex items-start gap-2.5 rounded-md px-2 py-2 text-sm outline-none data-highlighted:bg-hover pointer-coarse:py-2.5 [&_svg]:mt-0.5 [&_svg]:size-4 [&_svg]:shrink-0",
                whyNot !== null ? "text-faint" : isGrave && "text-bad",
              )}
            >
              {whyNot === null ? <Icon aria-hidden /> : <Lock aria-hidden />}
              <span className="min-w-0">
                <span className="block font-medium">{word}</span>
                <span className="block text-xs text-muted">{whyNot ?? says}</span>
              </span>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
