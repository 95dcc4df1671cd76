import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { LoopLight } from "#components/loop/loop-light.tsx";
import { Palette } from "#components/palette/palette.tsx";
import { AppShell } from "#components/shell/app-shell.tsx";

export default async function PagesLayout({ children }: { children: ReactNode }) {
  const theme = (await cookies()).get("theme")?.value;
  return (
    <AppShell
      theme={theme === "dark" || theme === "light" ? theme : "system"}
      palette={<Palette />}
      loop={<LoopLight />}
    >
      {children}
    </AppShell>
  );
}
