"use client";

import { ChevronDown } from "lucide-react";
import { useState } from "react";
import { useCommand } from "#components/live/use-command.ts";
import { useOthers } from "#components/live/use-company.ts";
import { useMay } from "#components/live/use-may.ts";
import { useModel } from "#components/live/use-model.ts";
import { Avatar } from "#components/ui/avatar.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { Since } from "#components/ui/since.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { DeviceView, PersonView } from "#lib/contract/wire.ts";
import { Confirm } from "#components/ui/confirm.tsx";
import { DeviceList } from "./device-list.tsx";
import { PersonRights } from "./person-rights.tsx";

/** A person: their role, whether they are here, and for owners what can be done about them. */
export function PersonRow({ person, devices }: { person: PersonView; devices: readonly DeviceView[] }) {
  const me = useModel((model) => model.me);
  const may = useMay();
  const isHere = useOthers(({ id }) => id === person.id).length > 0;
  const revoke = useCommand("team:revoke");
  const signOut = useCommand("team:sign-out");
  const [isOpen, setOpen] = useState(false);
  const [revoking, setRevoking] = useState(false);
  const isMe = me?.id === person.id;
  const isManaged = may.whyNot("team:role") === null && !isMe;
  const name = visibleText(person.name);
  const hasMore = person.revokedAt === null && (devices.length > 0 || isManaged);
  return (
    <div className="px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Avatar id={person.id} name={name} className="!size-8 !text-xs" />
        <div className="min-w-0 flex-1">
          <p className="truncate text-sm font-medium">
            {name}
            {isMe && <span className="font-normal text-muted"> (you)</span>}
          </p>
          <p className="text-xs text-muted">
            {person.revokedAt !== null ? (
              <>
                revoked <Since at={person.revokedAt} /> ago
              </>
            ) : isMe || isHere ? (
              <span className="text-good">here now</span>
            ) : person.seenAt !== null ? (
              <>
                last seen <Since at={person.seenAt} /> ago
              </>
            ) : (
              "never seen"
            )}
          </p>
        </div>
        <Badge tone={person.role === "owner" ? "review" : person.role === "operator" ? "info" : "neutral"}>
          {person.role}
        </Badge>
        {hasMore && (
          <Button kind="quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {devices.length > 0
              ? `${String(devices.length)} ${devices.length === 1 ? "device" : "devices"}`
              : "More"}
            <span className="sr-only"> of {name}</span>
            <ChevronDown className={classNames("transition-transform", isOpen && "rotate-180")} aria-hidden />
          </Button>
        )}
      </div>
      {isOpen && hasMore && (
        <div className="mt-3 flex flex-col gap-4 border-t border-line pt-3 sm:pl-11">
          {isManaged && <PersonRights person={person} />}
          {devices.length > 0 && <DeviceList devices={devices} />}
          {(isManaged || isMe) && (
            <div className="flex flex-wrap gap-2">
              {devices.length > 0 && (
                <Button busy={signOut.busy} onClick={() => void signOut.run({ person: person.id })}>
                  Sign out everywhere
                </Button>
              )}
              {isManaged && (
                <Button kind="danger" busy={revoke.busy} onClick={() => setRevoking(true)}>
                  Revoke {name}
                </Button>
              )}
            </div>
          )}
        </div>
      )}
      {revoking && (
        <Confirm
          title={`Revoke ${name}?`}
          action="Revoke"
          onClose={() => setRevoking(false)}
          onConfirm={() => void revoke.run({ person: person.id })}
        >
          All their browsers, tokens and links end at once. What they did keeps their name. They come back
          only by a new invitation.
        </Confirm>
      )}
    </div>
  );
}
