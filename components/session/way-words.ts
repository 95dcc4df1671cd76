import type { LucideIcon } from "lucide-react";
import {
  ArchiveX,
  Gavel,
  MessageSquare,
  MessageSquarePlus,
  Play,
  Redo2,
  RotateCcw,
  Square,
} from "lucide-react";
import type { CommandName } from "#lib/contract/wire.ts";
import type { Way } from "#lib/domain/ways-on.ts";

interface WayWords {
  readonly command: CommandName;
  readonly icon: LucideIcon;
  readonly word: string;
  /** For the menu: what it does. */
  readonly says: string;
  readonly kind: "primary" | "plain" | "quiet" | "danger";
}

export const wayWords: Readonly<Record<Way, WayWords>> = {
  message: {
    command: "session:message",
    icon: MessageSquare,
    word: "Message",
    says: "The agent goes on and reads your words first.",
    kind: "quiet",
  },
  stop: { command: "session:stop", icon: Square, word: "Stop", says: "The agent ends.", kind: "danger" },
  rework: {
    command: "session:rework",
    icon: RotateCcw,
    word: "Rework",
    says: "The agent changes it as you say, and a council looks again.",
    kind: "plain",
  },
  approve: {
    command: "session:overrule",
    icon: Gavel,
    word: "Approve anyway",
    says: "Your word counts in place of the council's.",
    kind: "plain",
  },
  reject: {
    command: "session:overrule",
    icon: Gavel,
    word: "Reject",
    says: "Your word counts in place of the council's.",
    kind: "danger",
  },
  resume: {
    command: "session:resume",
    icon: Play,
    word: "Resume",
    says: "It goes on where it was.",
    kind: "primary",
  },
  "resume-fresh": {
    command: "session:resume",
    icon: MessageSquarePlus,
    word: "Resume with a new conversation",
    says: "Same worktree; a new agent is told what was done, said and answered.",
    kind: "plain",
  },
  dispatch: {
    command: "session:dispatch",
    icon: Redo2,
    word: "Dispatch again",
    says: "A new session begins from the base as it is now. This one's work goes to an archive.",
    kind: "primary",
  },
  "give-up": {
    command: "session:stop",
    icon: ArchiveX,
    word: "Give up",
    says: "The item returns to the backlog. The work goes to an archive.",
    kind: "danger",
  },
};
