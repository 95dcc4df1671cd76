import type { Entry } from "./transcript.ts";

export interface RowProps<Kind extends Entry = Entry> {
  entry: Kind;
  /** The keys of the entries that are unfolded. */
  opened: ReadonlySet<string>;
  onToggle: (key: string) => void;
  /** The step is still at work, so that a call without a result is running and not lost. */
  isLive: boolean;
}
