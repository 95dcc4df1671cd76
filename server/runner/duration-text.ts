/** `90 min`, or `8 s` below a minute. */
export function durationText(ms: number): string {
  const minutes = ms / 60_000;
  return minutes >= 1 ? `${String(Math.round(minutes))} min` : `${String(Math.round(ms / 1000))} s`;
}
