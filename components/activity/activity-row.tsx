import {
  CircleAlert,
  CircleCheck,
  CircleX,
  GitMerge,
  Inbox,
  MessageCircleQuestion,
  Play,
  Repeat,
  Scale,
  Users,
} from "lucide-react";
import type { LucideIcon } from "lucide-react";
import Link from "next/link";
import { classNames } from "#components/ui/class-names.ts";
import type { Tone } from "#components/ui/tone.ts";
import { toneText } from "#components/ui/tone.ts";
import { visibleText } from "#components/ui/visible-text.ts";
import type { ActivityView } from "#lib/contract/wire.ts";

/** By the first word of a fact's name, or by all of it where that says more. */
const looks: Readonly<Record<string, readonly [LucideIcon, Tone]>> = {
  session: [Play, "info"],
  "session:failed": [CircleX, "bad"],
  question: [MessageCircleQuestion, "attention"],
  "question:answered": [MessageCircleQuestion, "neutral"],
  "question:withdrawn": [MessageCircleQuestion, "neutral"],
  review: [Scale, "review"],
  merge: [GitMerge, "neutral"],
  "merge:landed": [CircleCheck, "good"],
  "merge:refused": [CircleX, "bad"],
  backlog: [Inbox, "neutral"],
  repository: [Inbox, "neutral"],
  loop: [Repeat, "neutral"],
  team: [Users, "neutral"],
  warning: [CircleAlert, "attention"],
};

/** One sentence about what happened; it leads to the session that it is about. */
export function ActivityRow({ fact }: { fact: ActivityView }) {
  const { name, text, session, at } = fact;
  const [Icon, tone] = looks[name] ?? looks[name.split(":")[0] ?? ""] ?? [CircleAlert, "neutral" as const];
  const content = (
    <>
      <Icon className={classNames("mt-[3px] size-3.5 shrink-0", toneText[tone])} aria-hidden />
      <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">{visibleText(text)}</span>
      <time dateTime={at} title={new Date(at).toLocaleString()} className="shrink-0 text-xs text-faint">
        {new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}
      </time>
    </>
  );
  const look = "flex items-start gap-2.5 rounded-md px-3 py-1.5 text-sm";
  return session === null ? (
    <div className={look}>{content}</div>
  ) : (
    <Link href={`/sessions/${session}`} data-nav className={classNames(look, "hover:bg-hover")}>
      {content}
    </Link>
  );
}
