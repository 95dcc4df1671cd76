"use client";

import { usePathname } from "next/navigation";
import { useEffect } from "react";
import { useModel } from "#components/live/use-model.ts";
import { isHere, places } from "./places.ts";
import { useCounts } from "./use-counts.ts";

/** The tab says what it shows and how many questions wait, also when it is in the background. */
export function PageTitle() {
  const pathname = usePathname();
  const { questions } = useCounts();
  const session = /^\/sessions\/([^/]+)/.exec(pathname)?.[1];
  const item = useModel((model) =>
    session === undefined ? null : (model.sessions.get(session)?.item.id ?? null),
  );
  const page = item ?? places.find(({ href }) => isHere(pathname, href))?.word ?? "Session";
  useEffect(() => {
    document.title = `${questions > 0 ? `(${String(questions)}) ` : ""}${page} · Amplify`;
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (icon) icon.href = questions > 0 ? "/icon-attention.svg" : "/icon.svg";
  }, [page, questions]);
  return null;
}
