import { Network, ShieldCheck } from "lucide-react";
import { CommandLine } from "#components/ui/command-line.tsx";
import type { MeView } from "#lib/contract/wire.ts";

/** From where the server can be reached, and how a guest knows that it is this one. */
export function Reach({ place, fingerprint }: { place: MeView["place"]; fingerprint: string | null }) {
  if (place.reach === "machine") {
    return (
      <div className="flex flex-col gap-2 rounded-xl border border-line bg-surface p-4 text-sm text-muted">
        <p>Only this machine can reach Amplify now. To let others on the network in, start it with</p>
        <CommandLine command="amplify serve --lan" />
      </div>
    );
  }
  return (
    <div className="flex flex-col gap-1.5 rounded-xl border border-line bg-surface p-4 text-sm">
      <p className="flex items-center gap-2">
        <Network className="size-4 shrink-0 text-muted" aria-hidden />
        <span>
          Others reach it at <span className="font-mono text-xs">{place.url}</span>
        </span>
      </p>
      {fingerprint !== null && (
        <p className="flex items-start gap-2 text-muted">
          <ShieldCheck className="mt-0.5 size-4 shrink-0" aria-hidden />
          <span className="min-w-0 text-xs">
            Certificate, SHA-256: <span className="font-mono [overflow-wrap:anywhere]">{fingerprint}</span>
          </span>
        </p>
      )}
    </div>
  );
}
