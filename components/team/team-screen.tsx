"use client";

import { KeyRound, Smartphone, UserPlus } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useMay } from "#components/live/use-may.ts";
import { useModel } from "#components/live/use-model.ts";
import { useTeam } from "#components/live/use-team.ts";
import { Locked } from "#components/ui/locked.tsx";
import { MayButton } from "#components/ui/may-button.tsx";
import { Placeholder } from "#components/ui/placeholder.tsx";
import { Trouble } from "#components/ui/trouble.tsx";
import { Invitations, Tokens } from "./credentials.tsx";
import { PersonRow } from "./person-row.tsx";
import { Reach } from "./reach.tsx";

const InviteDialog = dynamic(() => import("./invite-dialog.tsx"), { ssr: false });
const TokenDialog = dynamic(() => import("./token-dialog.tsx"), { ssr: false });
const LinkDialog = dynamic(() => import("./link-dialog.tsx"), { ssr: false });

/** Who is in, how they came in, and how somebody else does. */
export function TeamScreen() {
  const { value: team, problem } = useTeam();
  const place = useModel((model) => model.me.place);
  const may = useMay();
  const [asking, setAsking] = useState<"invite" | "token" | "link" | null>(null);
  const done = () => setAsking(null);
  if (!team || !place) {
    return problem ? (
      <div className="p-4">
        <Trouble message={problem.message} fix={problem.fix} />
      </div>
    ) : (
      <Placeholder lines={8} />
    );
  }
  const people = team.people.toSorted(
    (a, b) => Number(a.revokedAt !== null) - Number(b.revokedAt !== null) || a.name.localeCompare(b.name),
  );
  const whyNotManage = may.whyNot("team:role");
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto flex max-w-3xl flex-col gap-6 p-4 sm:p-6">
        <header className="flex flex-wrap items-center gap-2">
          <h1 className="mr-auto text-lg font-semibold tracking-tight">Team</h1>
          <MayButton size="md" whyNot={may.whyNot("team:link")} onClick={() => setAsking("link")}>
            <Smartphone aria-hidden /> Another device
          </MayButton>
          <MayButton
            size="md"
            kind="primary"
            whyNot={may.whyNot("team:invite")}
            onClick={() => setAsking("invite")}
          >
            <UserPlus aria-hidden /> Invite
          </MayButton>
        </header>
        <Reach place={place} fingerprint={team.fingerprint} />
        <ul
          aria-label="People"
          className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-surface shadow-card"
        >
          {people.map((person) => (
            <li key={person.id}>
              <PersonRow
                person={person}
                devices={team.devices.filter((device) => device.person === person.id)}
              />
            </li>
          ))}
        </ul>
        {whyNotManage !== null && (
          <div className="-mt-3">
            <Locked>{`Roles, rights and revoking: ${whyNotManage}`}</Locked>
          </div>
        )}
        {team.invitations.length > 0 && (
          <section>
            <h2 className="mb-2 text-xs font-semibold text-muted">Open invitations</h2>
            <Invitations invitations={team.invitations} />
          </section>
        )}
        <section>
          <div className="mb-2 flex items-center justify-between">
            <h2 className="text-xs font-semibold text-muted">Script tokens</h2>
            <MayButton whyNot={may.whyNot("token:create")} kind="quiet" onClick={() => setAsking("token")}>
              <KeyRound aria-hidden /> New token
            </MayButton>
          </div>
          {team.tokens.length > 0 ? (
            <Tokens tokens={team.tokens} />
          ) : (
            <p className="text-xs text-faint">
              A script that may not use this machine&apos;s own token gets one of its own, with a name and a
              role.
            </p>
          )}
        </section>
      </div>
      {asking === "invite" && <InviteDialog onClose={done} />}
      {asking === "token" && <TokenDialog onClose={done} />}
      {asking === "link" && <LinkDialog onClose={done} />}
    </div>
  );
}
