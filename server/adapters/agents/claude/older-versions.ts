import { join } from "node:path";
import type { StepOrder } from "#server/ports.ts";
import { listIfThere, stepFiles } from "./step-files.ts";
import { eventsOf } from "./stream-lines.ts";

/** Below this the Agent port cannot be kept. */
export const oldestVersion = "2.1.197";
/** From here on a deferred call is repeated wherever it stood in its turn. */
export const recommendedVersion = "2.1.330";

export function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((each) => each.split(".").map(Number));
  const index = [0, 1, 2].find((at) => a?.[at] !== b?.[at]);
  return index !== undefined && (a?.[index] ?? 0) < (b?.[index] ?? 0);
}

/**
 * An older CLI repeats a deferred call only where it was the last of its turn; else the model would
 * read an internal error in place of the answer. There the answer is said as a new order instead.
 * The stream of the step that asked tells both, the version and what followed the call.
 */
export async function needsAnswerAsPrompt(order: StepOrder): Promise<boolean> {
  const id = order.answer?.toolUseId;
  if (id === undefined) return false;
  const steps = join(order.sessionDir, "steps");
  for (const step of listIfThere(steps).reverse()) {
    const asking = await readAskingStep(join(steps, step, stepFiles.stream), id);
    if (asking) return asking.followed && isOlder(asking.version, recommendedVersion);
  }
  return false;
}

/** Null where the call is not in this stream. */
async function readAskingStep(
  file: string,
  id: string,
): Promise<{ version: string; followed: boolean } | null> {
  let version = "";
  let asked = false;
  let followed = false;
  for await (const event of eventsOf(file)) {
    if (event.kind === "started") version = event.version;
    if (event.kind !== "tool" || event.by.parent !== null) continue;
    if (event.id === id) asked = true;
    else if (asked) followed = true;
  }
  return asked ? { version, followed } : null;
}
