import { Since } from "#components/ui/since.tsx";
import type { Attention } from "#lib/domain/attention.ts";

/** Why it stands where it stands. */
export function Weight({ entry: { unblocks, since } }: { entry: Attention }) {
  return (
    <span className="whitespace-nowrap">
      {unblocks > 0 && (
        <span className="font-medium text-attention">
          unblocks {unblocks} {unblocks === 1 ? "item" : "items"} ·{" "}
        </span>
      )}
      waits <Since at={since} />
    </span>
  );
}
