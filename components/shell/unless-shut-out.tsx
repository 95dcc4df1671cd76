"use client";

import { LogOut } from "lucide-react";
import type { ReactNode } from "react";
import { useLine } from "#components/live/use-model.ts";
import { Empty } from "#components/ui/empty.tsx";

/** Whose login has ended sees that, and nothing of what they saw before. */
export function UnlessSignedOut({ children }: { children: ReactNode }) {
  const { state, reason } = useLine();
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
