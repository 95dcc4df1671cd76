const units = ["B", "KB", "MB", "GB", "TB"];

/** `840 KB`, `1.2 GB`: never more than two digits that matter behind the first. */
export function bytesText(bytes: number): string {
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const size = bytes / 1000 ** step;
  return `${size.toFixed(size < 10 && step > 0 ? 1 : 0)} ${units[step] ?? "B"}`;
}
