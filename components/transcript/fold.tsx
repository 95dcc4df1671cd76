import type { LucideIcon } from "lucide-react";
import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "#components/ui/class-names.ts";

interface FoldProps {
  icon: LucideIcon;
  title: string;
  detail: string;
  note?: string;
  /** Stands at the end of the line. */
  mark?: ReactNode;
  mono?: boolean;
  isOpen: boolean;
  onToggle: () => void;
  children: ReactNode;
}

/** One quiet line that opens on a click. */
export function Fold({ icon: Icon, title, detail, note, mark, mono, isOpen, onToggle, children }: FoldProps) {
  return (
    <div className="py-px">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={onToggle}
        className="-mx-2 flex h-7 w-[calc(100%+1rem)] items-center gap-2 rounded-md px-2 text-left text-xs hover:bg-hover pointer-coarse:h-10"
      >
        <Icon className="size-3.5 shrink-0 text-faint" aria-hidden />
        <span className="shrink-0 font-medium">{title}</span>
        <span className={classNames("min-w-0 truncate text-muted", mono && "font-mono")}>{detail}</span>
        {note && <span className="min-w-0 shrink-[3] truncate text-faint max-sm:hidden">{note}</span>}
        <span className="ml-auto flex shrink-0 items-center gap-1.5">
          {mark}
          <ChevronRight
            className={classNames("size-3 text-faint transition-transform", isOpen && "rotate-90")}
            aria-hidden
          />
        </span>
      </button>
      {isOpen && (
        <div className="mt-1 mb-2 ml-5.5 overflow-hidden rounded-lg border border-line bg-surface">
          {children}
        </div>
      )}
    </div>
  );
}
