"use client";

import { CloudAlert, LogOut } from "lucide-react";
import type { ReactNode } from "react";
import { useLine, useModel } from "#components/live/use-model.ts";
import { Empty } from "#components/ui/empty.tsx";
import { visibleText } from "#components/ui/visible-text.ts";

/**
 * Whose login has ended sees that, and nothing of what they saw before; and where the server has never yet said how
 * things stand, nobody waits in front of empty shapes.
 */
export function UnlessShutOut({ children }: { children: ReactNode }) {
  const { state, reason } = useLine();
  const hasModel = useModel(() => true) === true;
  if (state === "refused" && !hasModel) {
    return (
      <Empty icon={CloudAlert} title="Nothing can be shown yet">
        <p className="mb-2 [overflow-wrap:anywhere]">{visibleText(reason ?? "The server refused.")}</p>
        <p>Sessions go on by themselves. The page asks again every few seconds.</p>
      </Empty>
    );
  }
  if (state !== "signed-out") return children;
  return (
    <div role="alert">
      <Empty icon={LogOut} title="You are signed out">
        <p className="mb-2">{reason ?? "This browser's login has ended."}</p>
        <p>
          Ask whoever invited you for a new link, or run{" "}
          <code className="rounded border border-line bg-sunken px-1 font-mono text-xs">amplify open</code> on
          the server&apos;s machine.
        </p>
      </Empty>
    </div>
  );
}
