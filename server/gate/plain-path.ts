const longestTarget = 8192;

/**
 * The path of a request target, or null where it could mean one thing here and another thing further in:
 * absolute and protocol-relative forms, encoded slashes and dots, dot segments, control characters.
 */
export function plainPath(target: string | undefined): string | null {
  if (target === undefined || target.length > longestTarget) return null;
  const [path = ""] = target.split("?", 1);
  if (!path.startsWith("/") || path.includes("//") || path.includes("\\") || target.includes("#"))
    return null;
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return null;
  }
  const isTwofold = /%2f|%5c|%2e|%25/i.test(path);

  const hasControl = /[\u0000-\u001f\u007f]/.test(decoded);
  const hasDots = path.split("/").some((segment) => segment === "." || segment === "..");
  return isTwofold || hasControl || hasDots ? null : path;
}
