import { rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ProcessIdentity } from "#lib/domain/run-state.ts";
import { stepFolder, stepMarker } from "./places.ts";
import type { Session } from "./session.ts";

/** How long room is not asked for again. */
const askAgainMs = 2_000;

/**
 * Holds an agent where it is while the disk is as good as full, since what it prints then would be lost, and lets it
 * go on when there is room again. A file in the step's folder tells a later runner who has held it.
 */
export async function createBreath(session: Session, step: number, identity: ProcessIdentity) {
  const { ports, spec } = session;
  const file = join(stepFolder(session.directory, step), "held");
  const marker = stepMarker(spec, step);
  let isHeld = await stat(file).then(
    () => true,
    () => false,
  );
  let askedAt = 0;

  const look = async () => {
    const now = ports.clock.now().getTime();
    if (now - askedAt < askAgainMs && now >= askedAt) return;
    askedAt = now;
    const isShort = await ports.isShortOfRoom(isHeld);
    if (isShort) session.trouble("The disk is as good as full.");
    if (isShort === isHeld) return;
    if (isShort) await writeFile(file, "", { mode: 0o600 });
    await ports.processes.suspend(identity, marker, isShort);
    if (!isShort) await rm(file, { force: true });
    isHeld = isShort;
    const text = isShort
      ? `The disk is as good as full: the agent of step ${String(step)} is held until there is room.`
      : `There is room again: the agent of step ${String(step)} goes on.`;
    await session.emit({ kind: "warned", text });
  };
  return { look, isHeld: () => isHeld };
}
