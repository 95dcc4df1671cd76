"use client";

import { Laptop } from "lucide-react";
import { useCommand } from "#components/live/use-command.ts";
import { useModel } from "#components/live/use-model.ts";
import { Button } from "#components/ui/button.tsx";
import { Since } from "#components/ui/since.tsx";
import type { DeviceView } from "#lib/contract/wire.ts";
import { deviceName } from "./device-name.ts";

/** The browsers in which somebody is signed in. */
export function DeviceList({ devices }: { devices: readonly DeviceView[] }) {
  const { run, busy } = useCommand("team:sign-out");
  const own = useModel((model) => model.me.device);
  return (
    <ul aria-label="Devices" className="flex flex-col">
      {devices.map(({ id, person, userAgent, address, seenAt }) => (
        <li key={id} className="flex min-h-9 flex-wrap items-center gap-x-2.5 text-sm">
          <Laptop className="size-3.5 shrink-0 text-faint" aria-hidden />
          <span>
            {deviceName(userAgent)}
            {id === own && <span className="text-muted"> · this one</span>}
          </span>
          <span className="text-xs text-faint">
            {address} · seen <Since at={seenAt} /> ago
          </span>
          <Button
            kind="quiet"
            className="ml-auto"
            busy={busy}
            aria-label={`Sign out ${deviceName(userAgent)}`}
            onClick={() => void run({ device: id, person })}
          >
            Sign out
          </Button>
        </li>
      ))}
    </ul>
  );
}
