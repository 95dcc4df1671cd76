"use client";

import { KeyRound, Link2 } from "lucide-react";
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { useCommand } from "#components/live/use-command.ts";
import type { TeamView } from "#components/live/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { Since } from "#components/ui/since.tsx";
import { Until } from "#components/ui/until.tsx";
import { visibleText } from "#components/ui/visible-text.ts";

/** Links that lead in and were not used up yet. */
export function Invitations({ invitations }: { invitations: TeamView["invitations"] }) {
  const { run, busy } = useCommand("team:withdraw");
  return (
    <List label="Open invitations">
      {invitations.map(({ id, name, role, reusable, uses, expiresAt, by }) => (
        <Credential
          key={id}
          icon={Link2}
          title={`${visibleText(name)} · ${role}`}
          action="Withdraw"
          about={`the invitation for ${visibleText(name)}`}
          busy={busy}
          onEnd={() => void run({ invitation: id })}
        >
          by {visibleText(by)}, ends in <Until at={expiresAt} />
          {reusable && `, used by ${String(uses)}`}
        </Credential>
      ))}
    </List>
  );
}

/** Bearer tokens of scripts. */
export function Tokens({ tokens }: { tokens: TeamView["tokens"] }) {
  const { run, busy } = useCommand("token:revoke");
  return (
    <List label="Script tokens">
      {tokens.map(({ id, name, role, seenAt, expiresAt }) => (
        <Credential
          key={id}
          icon={KeyRound}
          title={`${visibleText(name)} · ${role}`}
          action="Revoke"
          about={`the token ${visibleText(name)}`}
          busy={busy}
          onEnd={() => void run({ token: id })}
        >
          {seenAt === null ? (
            "never used"
          ) : (
            <>
              used <Since at={seenAt} /> ago
            </>
          )}
          {expiresAt === null ? (
            ", without an end"
          ) : (
            <>
              , ends in <Until at={expiresAt} />
            </>
          )}
        </Credential>
      ))}
    </List>
  );
}

function List({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul aria-label={label} className="overflow-hidden rounded-xl border border-line bg-surface">
      {children}
    </ul>
  );
}

function Credential({
  icon: Icon,
  title,
  action,
  about,
  busy,
  onEnd,
  children,
}: {
  icon: LucideIcon;
  title: string;
  action: string;
  about: string;
  busy: boolean;
  onEnd: () => void;
  children: ReactNode;
}) {
  return (
    <li className="flex items-center gap-3 border-b border-line px-4 py-2.5 last:border-0">
      <Icon className="size-4 shrink-0 text-faint" aria-hidden />
      <div className="min-w-0 flex-1">
        <p className="truncate text-sm">{title}</p>
        <p className="text-xs text-muted">{children}</p>
      </div>
      <Button kind="quiet" busy={busy} onClick={onEnd} aria-label={`${action} ${about}`}>
        {action}
      </Button>
    </li>
  );
}
