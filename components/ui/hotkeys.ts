import { useEffect, useEffectEvent } from "react";

export type Hotkeys = Readonly<Record<string, () => void>>;

/** How long the first key of two, such as `g b`, is remembered. */
const sequenceMs = 1200;

/** Typing into a field is never a command. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Single keys (`?`, `j`) and sequences (`g b`), outside of fields and open dialogs. */
export function useHotkeys(keys: Hotkeys): void {
  const press = useEffectEvent((name: string) => {
    const act = keys[name];
    act?.();
    return act !== undefined;
  });
  useEffect(() => {
    let first = "";
    let firstAt = 0;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
      if (isTyping(event.target) || document.querySelector('[role="dialog"]')) return;
      const sequence = Date.now() - firstAt < sequenceMs ? `${first} ${event.key}` : "";
      if ((sequence !== "" && press(sequence)) || press(event.key)) {
        event.preventDefault();
        first = "";
        return;
      }
      first = event.key;
      firstAt = Date.now();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
}
