import type { LoopView } from "#lib/contract/wire.ts";
import type { LoopRow } from "../sessions/ports.ts";

/** A loop as clients see it. */
export function loopView({ person: _person, ...view }: LoopRow): LoopView {
  return view;
}
