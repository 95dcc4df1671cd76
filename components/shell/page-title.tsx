"use client";

import { usePathname } from "next/navigation";
import { useModel } from "#components/live/use-model.ts";
import { isHere, places } from "./places.ts";
import { useCounts } from "./use-counts.ts";

/** Pages that are reached from a menu. */
const otherWords: Readonly<Record<string, string>> = {
  "/team": "Team",
  "/activity": "Activity",
  "/audit": "Audit log",
  "/archives": "Archived work",
  "/webhooks": "Webhooks",
};

/** The tab says what it shows and how much waits for a person, also when it is in the background. */
export function PageTitle() {
  const pathname = usePathname();
  const { attention } = useCounts();
  const session = /^\/sessions\/([^/]+)/.exec(pathname)?.[1];
  const item = useModel((model) =>
    session === undefined ? null : (model.sessions.get(session)?.item.id ?? null),
  );
  const page =
    item ?? otherWords[pathname] ?? places.find(({ href }) => isHere(pathname, href))?.word ?? "Session";
  return (
    <>
      <title>{`${attention > 0 ? `(${String(attention)}) ` : ""}${page} · Amplify`}</title>
      <link rel="icon" href={attention > 0 ? badged(attention) : "/icon.svg"} />
    </>
  );
}

/** Our mark with the number on it. */
function badged(count: number): string {
  const number = count > 99 ? "99" : String(count);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#4353df"/><path d="M6 26V20M11 26V16M16 26V22" stroke="#fff" stroke-width="3" stroke-linecap="round"/><circle cx="21" cy="11" r="10.5" fill="#f5a524"/><text x="21" y="16" text-anchor="middle" font-family="sans-serif" font-weight="700" font-size="${number.length > 1 ? "13" : "15"}" fill="#221500">${number}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
