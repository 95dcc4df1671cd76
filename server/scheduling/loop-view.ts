import type { LoopView } from "#lib/contract/wire.ts";
import type { LoopRow } from "../sessions/ports.ts";

/** A loop as clients see it. */
export function loopView({ role: _role, ...view }: LoopRow): LoopView {
  return view;
}
