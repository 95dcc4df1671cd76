import { ArrowDown } from "lucide-react";

/** Brings the reader back to the end. */
export function FollowButton({ onClick }: { onClick: () => void }) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="appear absolute right-4 bottom-4 z-10 flex h-8 items-center gap-1.5 rounded-full border border-line-strong bg-raised px-3 text-xs font-medium shadow-float hover:bg-hover pointer-coarse:h-11"
    >
      <ArrowDown className="size-3.5" aria-hidden />
      Follow
    </button>
  );
}
