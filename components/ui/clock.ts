/** One clock for the page; it runs only while something shows it. */
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;

export function onTick(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}
