import type { LucideIcon } from "lucide-react";
import { FolderGit2, GitMerge, Inbox, ListTree, SquareKanban } from "lucide-react";

export interface Place {
  readonly href: string;
  readonly word: string;
  readonly icon: LucideIcon;
  readonly keys: string;
  readonly counts: "attention" | "merges" | null;
}

export const places: readonly Place[] = [
  { href: "/", word: "Board", icon: SquareKanban, keys: "g b", counts: null },
  { href: "/questions", word: "Inbox", icon: Inbox, keys: "g q", counts: "attention" },
  { href: "/merges", word: "Merges", icon: GitMerge, keys: "g m", counts: "merges" },
  { href: "/backlog", word: "Backlog", icon: ListTree, keys: "g l", counts: null },
  { href: "/repositories", word: "Repositories", icon: FolderGit2, keys: "g r", counts: null },
];

export function isHere(pathname: string, href: string): boolean {
  return href === "/" ? pathname === "/" : pathname.startsWith(href);
}
