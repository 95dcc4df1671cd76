"use client";

import { LockOpen } from "lucide-react";
import { useModel } from "#components/live/use-model.ts";
import { Banner } from "./banner.tsx";

/** For as long as it is so: there is no way to close it. */
export function InsecureBanner() {
  const isInsecure = useModel((model) => model.me.place.isInsecure);
  if (isInsecure !== true) return null;
  return (
    <Banner tone="bad" role="note" icon={LockOpen}>
      <strong className="font-semibold">This line can be listened to.</strong> Everybody on this network may
      read along. Owners act on the server&apos;s machine only.
    </Banner>
  );
}
