import type { Alert } from "#lib/contract/wire.ts";
import { failures } from "#lib/domain/failure.ts";
import type { Pause } from "#lib/domain/retry.ts";
import type { StorageFault } from "../files/storage-error.ts";
import { subscribe } from "./ledger.ts";
import { describeFault } from "./storage-health.ts";

/** What holds work up, told to everybody whenever it changes. */
export function createAlerts(home: string) {
  const listeners = new Set<(alerts: readonly Alert[]) => void>();
  let storage: Alert[] = [];
  let paused: Alert[] = [];
  let told = "[]";

  function tell() {
    const alerts = [...storage, ...paused];
    const text = JSON.stringify(alerts);
    if (text === told) return;
    told = text;
    for (const listener of listeners) listener(alerts);
  }

  return {
    current: (): readonly Alert[] => [...storage, ...paused],
    onAlerts: (listener: (alerts: readonly Alert[]) => void) => subscribe(listeners, listener),
    setFault(fault: StorageFault | null) {
      storage =
        fault === null
          ? []
          : [{ id: "storage", kind: "storage", ...describeFault(fault, home), until: null, account: null }];
      tell();
    },
    setPauses(pauses: readonly Pause[]) {
      paused = pauses.map(alertOf);
      tell();
    },
  };
}

function alertOf({ account, reason, until, detail, sessions }: Pause): Alert {
  const waiting = `${sessions} ${sessions === 1 ? "session waits" : "sessions wait"}`;
  const [said = ""] = detail.split("\n");
  return {
    id: `paused/${account}`,
    kind: "paused",
    text: `${account}: ${failures[reason].text} ${waiting}, and none is begun. ${said}`.trim().slice(0, 1000),
    fix:
      until === null
        ? "Put this right, then `amplify queue resume`."
        : "It goes on by itself then; `amplify queue resume` tries it at once.",
    until,
    account,
  };
}
