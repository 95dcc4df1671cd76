"use client";

import { useRouter } from "next/navigation";
import type { ComponentType } from "react";
import { useState } from "react";
import { useCommand } from "#components/live/use-command.ts";
import type { SessionDetail } from "#components/live/use-session.ts";
import { useMay } from "#components/live/use-may.ts";
import { MayButton } from "#components/ui/may-button.tsx";
import { MoreButton } from "#components/ui/more-button.tsx";
import type { ItemView, SessionView } from "#lib/contract/wire.ts";
import { type Way, waysOn } from "#lib/domain/ways-on.ts";
import { WayDialogs } from "./way-dialogs.tsx";
import { wayWords } from "./way-words.ts";

export type OverrulePolicy = SessionDetail["council"]["overrule"];

/** Asks under which agent type an item is dispatched, and does it. */
export type DispatchDialog = ComponentType<{
  item: Pick<ItemView, "repository" | "id" | "title">;
  /** In the place of an earlier session. */
  isAgain?: boolean;
  onClose: () => void;
  onDone?: (session: SessionView) => void;
}>;

/** What a person may do with it as it stands: the likeliest as buttons, the rest behind them. */
export function SessionActions({
  session,
  overrule,
  Dispatch,
}: {
  session: SessionView;
  /** Who may decide against the council; null until it was read. */
  overrule: OverrulePolicy | null;
  Dispatch: DispatchDialog;
}) {
  const router = useRouter();
  const whyNot = useWhyNot(session, overrule);
  const resume = useCommand("session:resume");
  const [asking, setAsking] = useState<Way | null>(null);
  const ways = waysOn(session);
  const isGiven = (way: Way) =>
    (way !== "approve" && way !== "reject") || (overrule !== null && overrule !== "nobody");
  const take = (way: Way) => (way === "resume" ? void resume.run({ session: session.id }) : setAsking(way));
  const more = ways.more.filter(isGiven);
  return (
    <>
      {ways.first.filter(isGiven).map((way) => {
        const { icon: Icon, word, kind } = wayWords[way];
        return (
          <MayButton
            key={way}
            whyNot={whyNot(way)}
            kind={kind}
            size="md"
            busy={way === "resume" && resume.busy}
            onClick={() => take(way)}
          >
            <Icon aria-hidden /> {word}
          </MayButton>
        );
      })}
      {more.length > 0 && (
        <MoreButton
          label="More ways on"
          entries={more.map((way) => ({
            ...wayWords[way],
            key: way,
            whyNot: whyNot(way),
            isGrave: way === "give-up",
            onSelect: () => take(way),
          }))}
        />
      )}
      <WayDialogs session={session} asking={asking} onClose={() => setAsking(null)} />
      {asking === "dispatch" && (
        <Dispatch
          item={{ repository: session.repository, id: session.item.id, title: session.item.title }}
          isAgain
          onClose={() => setAsking(null)}
          onDone={({ id }) => router.push(`/sessions/${id}`)}
        />
      )}
    </>
  );
}

function useWhyNot(session: SessionView, overrule: OverrulePolicy | null): (way: Way) => string | null {
  const may = useMay();
  const whyNotOverrule =
    overrule === "landers"
      ? may.whyNot("merge:start", session.repository)
      : overrule === "owners" && may.role !== "owner"
        ? "Only owners overrule a council here."
        : may.whyNot("session:overrule");
  return (way) =>
    way === "approve" || way === "reject" ? whyNotOverrule : may.whyNot(wayWords[way].command);
}
