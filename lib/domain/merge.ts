import type { ItemId, ObjectId } from "./ids.ts";

/**
 * A landing is a journal: each step is written down when it is done, can be checked ("is it already
 * so?") and repeated. Before `moved` it can be taken back without a trace; from `moved` on it goes forward.
 */
export const landingSteps = [
  "previewed",
  "built",
  "gated",
  "moved",
  "checked-out",
  "closed",
  "archived",
  "cleaned",
] as const;
export type LandingStep = (typeof landingSteps)[number];

export type LandingEnd =
  | "landed"
  | "conflict"
  | "gate-red"
  | "base-moved"
  | "checkout-in-the-way"
  | "blocked"
  | "proposed"
  | "cancelled"
  | "error";

/** The step after the last one that is done; null when all are. */
export function nextLandingStep(done: LandingStep | null): LandingStep | null {
  const index = done === null ? 0 : landingSteps.indexOf(done) + 1;
  return landingSteps[index] ?? null;
}

/** Landed work was to be taken back, and is there as before. */
export function isRefusedRevert(landing: {
  readonly kind?: "merge" | "revert" | undefined;
  readonly status: string;
}): boolean {
  return (
    landing.kind === "revert" && !["running", "landed", "proposed", "cancelled"].includes(landing.status)
  );
}

/** Main holds the work from this step on, whatever happens afterwards. */
export function hasLanded(done: LandingStep | null): boolean {
  return done !== null && landingSteps.indexOf(done) >= landingSteps.indexOf("moved");
}

export interface MergeMessage {
  readonly item: ItemId;
  readonly summary: string | null;
  readonly title: string;
  readonly trailers: Readonly<Record<string, string>>;
}

/** `Merge <item>: <summary>` with trailers; every part is one line without control characters. */
export function mergeMessage(message: MergeMessage): string {
  const lines = trailerLines(message.trailers);
  return [mergeSubject(message), ...(lines.length > 0 ? ["", ...lines] : [])].join("\n") + "\n";
}

/** As git words a revert, with the reason and trailers. */
export function revertMessage(
  message: MergeMessage & { readonly commit: ObjectId; readonly reason: string },
): string {
  const lines = trailerLines(message.trailers);
  const parts = [
    `Revert "${mergeSubject(message)}"`,
    `This takes back ${message.commit}.`,
    `The reason: ${oneLine(message.reason, 500)}`,
    ...(lines.length > 0 ? [lines.join("\n")] : []),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** `Merge <item>: <summary>`, in one line. */
export function mergeSubject({ item, summary, title }: Omit<MergeMessage, "trailers">): string {
  const heading = oneLine(summary ?? "", 72) || oneLine(title, 72) || "no summary";
  return `Merge ${item}: ${heading}`;
}

function trailerLines(trailers: MergeMessage["trailers"]): string[] {
  return Object.entries(trailers)
    .map(([key, value]) => [key, oneLine(value, 200)] as const)
    .filter(([, value]) => value !== "")
    .map(([key, value]) => `${key}: ${value}`);
}

/** One line without control or invisible direction characters, cut at `max` characters. */
export function oneLine(text: string, max: number): string {
  const clean = text
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ")
    .replace(/[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, "")
    .replace(/\s+/g, " ")
    .trim();
  const characters = Array.from(clean);
  return characters.length <= max
    ? clean
    : characters
        .slice(0, max - 1)
        .join("")
        .trimEnd() + "…";
}

/** The reason that the bead is closed with; other words in it could set conditional work free. */
export function closeReason(base: string): string {
  return `Merged to ${base}`;
}

export interface Approval {
  readonly base: ObjectId;
  readonly head: ObjectId;
  readonly files: readonly string[];
}

/** A landing makes a sibling outdated only where it conflicts with it or touches the same files. */
export function outdatedBy(
  approval: Approval,
  landed: { files: readonly string[]; conflicts: readonly string[] },
): string | null {
  if (landed.conflicts.length > 0) return `conflicts in ${landed.conflicts.join(", ")}`;
  const touched = new Set(landed.files);
  const shared = approval.files.filter((file) => touched.has(file));
  return shared.length > 0 ? `${shared.join(", ")} changed on the base` : null;
}

/** Where a person opens a pull request by hand; null for a remote that no browser opens. */
export function comparePage(remote: string, base: string, branch: string): string | null {
  const place = webPlace(remote);
  if (place === null) return null;
  const [from, to] = [branch, base].map((name) => name.split("/").map(encodeURIComponent).join("/"));
  return place.host.includes("gitlab")
    ? `https://${place.host}/${place.path}/-/merge_requests/new?merge_request[source_branch]=${from ?? ""}&merge_request[target_branch]=${to ?? ""}`
    : `https://${place.host}/${place.path}/compare/${to ?? ""}...${from ?? ""}?expand=1`;
}

/** `host` and `owner/name` of a remote's address, by https, ssh or the short form `git@host:owner/name`. */
export function webPlace(remote: string): { host: string; path: string } | null {
  const found =
    /^(?:https?|ssh):\/\/(?:[^@/]+@)?([A-Za-z0-9.-]+)(?::\d+)?\/([^?#\s]+)$/.exec(remote) ??
    /^(?:[A-Za-z0-9._-]+@)?([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+):([^/\s][^?#\s]*)$/.exec(remote);
  const [, host, path] = found ?? [];
  if (host === undefined || path === undefined) return null;
  return { host, path: path.replace(/\/+$/, "").replace(/\.git$/, "") };
}
