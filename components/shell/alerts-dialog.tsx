"use client";

import { useState } from "react";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Modal } from "#components/ui/modal.tsx";
import { setAlertSettings, useAlertSettings } from "./alert-settings.ts";

/** How this browser may call for a person. */
export default function AlertsDialog({ onClose }: { onClose: () => void }) {
  const settings = useAlertSettings();
  const [problem, setProblem] = useState<string | null>(null);
  const allowDesktop = async (wanted: boolean) => {
    setProblem(null);
    if (wanted && (await Notification.requestPermission()) !== "granted") {
      setProblem(
        "This browser does not allow notifications for this page. Its settings for the site say so.",
      );
      return;
    }
    setAlertSettings({ ...settings, desktop: wanted });
  };
  return (
    <Modal
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title="Alerts"
      description="When something new needs you. Kept in this browser only."
      className="max-w-sm"
    >
      <div className="flex flex-col gap-3 px-5 pt-3 pb-5 text-sm">
        <label className="flex items-center gap-2.5">
          <Checkbox
            checked={settings.sound}
            onChange={(event) => setAlertSettings({ ...settings, sound: event.target.checked })}
          />
          Play a sound
        </label>
        <label className="flex items-center gap-2.5">
          <Checkbox
            checked={settings.desktop}
            onChange={(event) => void allowDesktop(event.target.checked)}
          />
          Notify on the desktop while the page is in the background
        </label>
        {problem && <p className="text-xs text-bad">{problem}</p>}
      </div>
    </Modal>
  );
}
