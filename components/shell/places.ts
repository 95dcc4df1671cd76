import type { LucideIcon } from "lucide-react";
import { FolderGit2, GitMerge, ListTree, MessageCircleQuestion, SquareKanban } from "lucide-react";

export interface Place {
  readonly href: string;
  readonly word: string;
  readonly icon: LucideIcon;
  readonly keys: string;
  readonly counts: "questions" | "merges" | null;
}

export const places: readonly Place[] = [
  { href: "/", word: "Board", icon: SquareKanban, keys: "g b", counts: null },
  { href: "/questions", word: "Questions", icon: MessageCircleQuestion, keys: "g q", counts: "questions" },
  { href: "/merges", word: "Merges", icon: GitMerge, keys: "g m", counts: "merges" },
  { href: "/backlog", word: "Backlog", icon: ListTree, keys: "g l", counts: null },
  { href: "/repositories", word: "Repositories", icon: FolderGit2, keys: "g r", counts: null },
];

export function isHere(pathname: string, href: string): boolean {
  return href === "/" ? pathname === "/" : pathname.startsWith(href);
}
