import { Scale } from "lucide-react";
import type { SessionDetail } from "#components/live/use-session.ts";
import { Empty } from "#components/ui/empty.tsx";
import { Placeholder } from "#components/ui/placeholder.tsx";
import type { SessionView } from "#lib/contract/wire.ts";
import { type Spot, useSpot } from "#components/live/use-spot.ts";
import { CouncilInSession } from "./council-in-session.tsx";
import { Council } from "./council.tsx";
import { Overruled } from "./overruled.tsx";

interface ReviewPanelProps {
  session: SessionView;
  detail: SessionDetail | null;
  spot: Spot | null;
  onShow: (tab: "diff", id: string) => void;
}

/** Every council that the session has had, the newest first; a person's word against the last one stands above. */
export function ReviewPanel({ session, detail, spot, onShow }: ReviewPanelProps) {
  useSpot("review", spot);
  if (!detail) return <Placeholder lines={8} />;
  const reviews = detail.reviews.toReversed();
  const isReviewing = session.status === "reviewing";
  const sitting = isReviewing || session.status === "waiting" ? detail.sitting : null;
  if (reviews.length === 0 && !sitting) {
    if (isReviewing) return <Placeholder lines={8} />;
    return (
      <Empty icon={Scale} title="No review yet">
        When the work is completed, a council of implementer and peer reviewer looks at it by itself.
      </Empty>
    );
  }
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto flex max-w-3xl flex-col gap-8 p-4 sm:p-6">
        {sitting && (
          <CouncilInSession
            session={session}
            detail={detail}
            sitting={sitting}
            onDiff={(id) => onShow("diff", id)}
          />
        )}
        {session.overruled && <Overruled overruled={session.overruled} />}
        {reviews.map((review, index) => (
          <Council
            key={`${String(review.round)} ${review.startedAt}`}
            review={review}
            onDiff={(id) => onShow("diff", id)}
            isCurrent={review.head === session.head && review.base === session.base}
            waysOn={
              session.status === "failed" && session.reason?.code === "no-verdict" && index === 0
                ? detail.council.overrule
                : null
            }
          />
        ))}
      </div>
    </div>
  );
}
