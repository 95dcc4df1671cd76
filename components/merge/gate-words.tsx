import { duration } from "#components/ui/since.tsx";
import type { Tone } from "#components/ui/tone.ts";
import { toneText } from "#components/ui/tone.ts";
import { visibleText } from "#components/ui/visible-text.ts";
import type { GateView } from "#lib/contract/wire.ts";

const looks: Readonly<Record<GateView["status"], readonly [word: string, tone: Tone]>> = {
  "not-configured": ["no gate", "neutral"],
  running: ["gate runs", "info"],
  passed: ["gate passed", "good"],
  flaky: ["gate passed, flaky", "attention"],
  red: ["gate red", "bad"],
  "not-ready": ["gate's setup failed", "bad"],
};

/** What the gate said, in two words; the commands and their times on hover. */
export function GateWords({ gate, isOld = false }: { gate: GateView; isOld?: boolean }) {
  const [word, tone] = looks[gate.status];
  return (
    <span className={`whitespace-nowrap ${toneText[tone]}`} title={commandsOf(gate)}>
      {word}
      {isOld && <span className="text-faint"> on an earlier base</span>}
    </span>
  );
}

function commandsOf({ commands }: GateView): string {
  return commands
    .map(({ name, exit, durationMs, retried }) => {
      const end = exit === null ? "was ended" : exit === 0 ? "passed" : `exit ${String(exit)}`;
      return `${visibleText(name)}: ${end} after ${duration(durationMs)}${retried ? ", second try" : ""}`;
    })
    .join("\n");
}
