"use client";

import { useSyncExternalStore } from "react";

const place = "amplify:alerts";
const listeners = new Set<() => void>();

export interface AlertSettings {
  readonly sound: boolean;
  readonly desktop: boolean;
}

const off: AlertSettings = { sound: false, desktop: false };
let last: { text: string; settings: AlertSettings } = { text: "", settings: off };

function read(): AlertSettings {
  let text = "";
  try {
    text = localStorage.getItem(place) ?? "";
  } catch {
    return off;
  }
  if (text !== last.text) {
    last = { text, settings: { sound: text.includes("sound"), desktop: text.includes("desktop") } };
  }
  return last.settings;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

/** How this browser may call for a person; nothing until somebody allows it. */
export function useAlertSettings(): AlertSettings {
  return useSyncExternalStore(subscribe, read, () => off);
}

export function setAlertSettings({ sound, desktop }: AlertSettings): void {
  try {
    localStorage.setItem(place, [sound && "sound", desktop && "desktop"].filter(Boolean).join(" "));
  } catch {
    return;
  }
  for (const listener of listeners) listener();
}
