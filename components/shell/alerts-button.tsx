"use client";

import { Bell, BellRing } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Hint } from "#components/ui/hint.tsx";
import { useAlertSettings } from "./alert-settings.ts";

const AlertsDialog = dynamic(() => import("./alerts-dialog.tsx"), { ssr: false });

export function AlertsButton() {
  const { sound, desktop } = useAlertSettings();
  const [open, setOpen] = useState(false);
  const Icon = sound || desktop ? BellRing : Bell;
  return (
    <>
      <Hint text="Alerts">
        <Button
          kind="quiet"
          size="icon"
          aria-label="Alerts"
          onClick={() => setOpen(true)}
          className="max-sm:hidden"
        >
          <Icon className="!size-4" />
        </Button>
      </Hint>
      {open && <AlertsDialog onClose={() => setOpen(false)} />}
    </>
  );
}
