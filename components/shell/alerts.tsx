"use client";

import { useEffect, useEffectEvent, useRef } from "react";
import { useAttention } from "#components/live/use-attention.ts";
import { attentionWords } from "#lib/domain/attention-words.ts";
import { useAlertSettings } from "./alert-settings.ts";

/** Calls for a person when something new needs one, as far as this browser was allowed to. */
export function Alerts() {
  const queue = useAttention();
  const settings = useAlertSettings();
  const known = useRef<ReadonlySet<string> | null>(null);
  const call = useEffectEvent((fresh: NonNullable<typeof queue>) => {
    const [first] = fresh;
    if (!first) return;
    if (settings.sound) chime();
    if (!settings.desktop || Notification.permission !== "granted" || !document.hidden) return;
    const more = fresh.length > 1 ? ` and ${String(fresh.length - 1)} more` : "";
    const note = new Notification(`${attentionWords[first.kind].name}: ${first.item.title}${more}`, {
      body: first.text.slice(0, 200),
      tag: first.key,
      icon: "/icon-attention.svg",
    });
    note.onclick = () => window.focus();
  });
  useEffect(() => {
    if (!queue) return;
    const keys = new Set(queue.map(({ key, kind, since }) => `${key} ${kind} ${since}`));
    const before = known.current;
    known.current = keys;
    // What was there when the page was opened is no news.
    if (before) call(queue.filter(({ key, kind, since }) => !before.has(`${key} ${kind} ${since}`)));
  }, [queue]);
  return null;
}

/** Two soft notes, made here: no file, no request. */
function chime() {
  const audio = new AudioContext();
  for (const [index, frequency] of [660, 880].entries()) {
    const start = audio.currentTime + index * 0.14;
    const gain = audio.createGain();
    gain.gain.setValueAtTime(0.0001, start);
    gain.gain.exponentialRampToValueAtTime(0.12, start + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, start + 0.3);
    const tone = audio.createOscillator();
    tone.frequency.value = frequency;
    tone.connect(gain).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 0.32);
    if (index === 1) tone.onended = () => void audio.close();
  }
}
