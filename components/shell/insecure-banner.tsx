"use client";

import { LockOpen } from "lucide-react";
import { useModel } from "#components/live/use-model.ts";

/** For as long as it is so: there is no way to close it. */
export function InsecureBanner() {
  const isInsecure = useModel((model) => model.me.place.isInsecure);
  if (isInsecure !== true) return null;
  return (
    <div
      role="note"
      className="flex items-start gap-2 border-b border-line bg-bad-soft px-4 py-1.5 text-sm text-bad sm:items-center"
    >
      <LockOpen className="size-4 shrink-0 max-sm:mt-0.5" aria-hidden />
      <p>
        <strong className="font-semibold">This line can be listened to.</strong> Everybody on this network may
        read along. Owners act on the server&apos;s machine only.
      </p>
    </div>
  );
}
