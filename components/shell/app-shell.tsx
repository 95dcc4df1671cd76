"use client";

import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { useState } from "react";
import { LiveProvider } from "#components/live/live-provider.tsx";
import { HintProvider } from "#components/ui/hint.tsx";
import { useHotkeys } from "#components/ui/hotkeys.ts";
import { moveFocus } from "#components/ui/roving.ts";
import { AlertBanner } from "./alert-banner.tsx";
import { AlarmBanner } from "./alarm-banner.tsx";
import { Alerts } from "./alerts.tsx";
import { Announcer } from "./announcer.tsx";
import { InsecureBanner } from "./insecure-banner.tsx";
import { InterruptedBanner } from "./interrupted-banner.tsx";
import { LineBanner } from "./line-banner.tsx";
import { MobileNav } from "./mobile-nav.tsx";
import { PageTitle } from "./page-title.tsx";
import { TopBar } from "./top-bar.tsx";
import { UnlessShutOut } from "./unless-shut-out.tsx";
import type { Theme } from "./theme-toggle.tsx";

const HelpDialog = dynamic(() => import("./help-dialog.tsx"), { ssr: false });
const Toaster = dynamic(() => import("#components/ui/toaster.tsx"), { ssr: false });

interface FrameProps {
  theme: Theme;
  palette: ReactNode;
  /** Stands in the bar while a loop runs. */
  loop: ReactNode;
  children: ReactNode;
}

/** The frame around every page but the login: the connection, the navigation and the keyboard. */
export function AppShell({ theme, palette, loop, children }: FrameProps) {
  return (
    <LiveProvider>
      <HintProvider delayDuration={350}>
        <Frame theme={theme} palette={palette} loop={loop}>
          {children}
        </Frame>
      </HintProvider>
    </LiveProvider>
  );
}

function Frame({ theme, palette, loop, children }: FrameProps) {
  const router = useRouter();
  const [helpOpen, setHelpOpen] = useState(false);
  useHotkeys({
    "?": () => setHelpOpen(true),
    j: () => moveFocus(1),
    k: () => moveFocus(-1),
    "g b": () => router.push("/"),
    "g q": () => router.push("/questions"),
    "g m": () => router.push("/merges"),
    "g l": () => router.push("/backlog"),
    "g r": () => router.push("/repositories"),
    "g a": () => router.push("/activity"),
    "g t": () => router.push("/team"),
    c: () => router.push("/backlog?new"),
  });
  return (
    <div className="flex h-dvh flex-col">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-raised focus:px-3 focus:py-2"
      >
        Skip to content
      </a>
      <TopBar theme={theme} loop={loop} onHelp={() => setHelpOpen(true)} />
      <InsecureBanner />
      <LineBanner />
      <AlarmBanner />
      <AlertBanner />
      <InterruptedBanner />
      <main id="main" tabIndex={-1} className="min-h-0 flex-1 outline-none">
        <UnlessShutOut>{children}</UnlessShutOut>
      </main>
      <MobileNav />
      {helpOpen && <HelpDialog onClose={() => setHelpOpen(false)} />}
      {palette}
      <PageTitle />
      <Announcer />
      <Alerts />
      <Toaster />
    </div>
  );
}
