"use client";

import type { LucideIcon } from "lucide-react";
import { History, Lock, LogOut, ScrollText, Users, Webhook } from "lucide-react";
import Link from "next/link";
import { DropdownMenu } from "radix-ui";
import type { ComponentProps } from "react";
import { signOut } from "#components/live/sign-out.ts";
import { KeyCap } from "#components/ui/key-cap.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { MeView } from "#lib/contract/wire.ts";

const row =
  "flex h-8 items-center gap-2.5 rounded-md px-2 text-sm outline-none data-highlighted:bg-hover pointer-coarse:h-11 [&_svg]:size-4 [&_svg]:text-muted";

/** Where a person finds what is about them and the others; opens as soon as it is here. */
export default function PersonMenu({ me, button }: { me: MeView; button: ComponentProps<"button"> }) {
  return (
    <DropdownMenu.Root defaultOpen>
      <DropdownMenu.Trigger {...button} />
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          className="appear z-50 w-56 rounded-lg border border-line-strong bg-raised p-1.5 text-text shadow-float"
        >
          <DropdownMenu.Label className="px-2 pt-1 pb-2">
            <span className="block truncate text-sm font-medium">{visibleText(me.name)}</span>
            <span className="block text-xs text-muted">{me.role}</span>
          </DropdownMenu.Label>
          <Place href="/team" icon={Users} word="Team" keys="g t" />
          <Place href="/activity" icon={History} word="Activity" keys="g a" />
          <Place href="/audit" icon={ScrollText} word="Audit log" whyNot={me.refused["audit"]} />
          <Place href="/webhooks" icon={Webhook} word="Webhooks" whyNot={me.refused["webhooks"]} />
          <DropdownMenu.Separator className="mx-2 my-1 h-px bg-line" />
          <DropdownMenu.Item className={row} onSelect={() => void signOut()}>
            <LogOut aria-hidden />
            Sign out
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function Place({
  href,
  icon: Icon,
  word,
  keys,
  whyNot,
}: {
  href: string;
  icon: LucideIcon;
  word: string;
  keys?: string;
  /** Why the person does not see what is there; the page itself says it too. */
  whyNot?: string | undefined;
}) {
  return (
    <DropdownMenu.Item asChild>
      <Link href={href} className={row} title={whyNot}>
        <Icon aria-hidden />
        {word}
        {whyNot !== undefined && (
          <>
            <Lock className="ml-auto !size-3.5" aria-hidden />
            <span className="sr-only">({whyNot})</span>
          </>
        )}
        <span className="ml-auto flex gap-1 pointer-coarse:hidden" aria-hidden>
          {keys?.split(" ").map((key) => (
            <KeyCap key={key}>{key}</KeyCap>
          ))}
        </span>
      </Link>
    </DropdownMenu.Item>
  );
}
