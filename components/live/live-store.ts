import type { Model } from "#lib/client/model.ts";
import type { Company } from "#lib/client/presence.ts";
import { nobody } from "#lib/client/presence.ts";
import type { Connection, LineState } from "#lib/client/socket.ts";
import { connect } from "#lib/client/socket.ts";
import { headerToken } from "./header-token.ts";

export interface Line {
  readonly state: LineState;
  /** The server's own words, where it gave some. */
  readonly reason: string | null;
}

/** The model and the line, outside of React; components take what they need by selectors. */
export interface LiveStore {
  /** Null until the first snapshot is here. */
  readonly model: () => Model | null;
  readonly line: () => Line;
  readonly company: () => Company;
  readonly subscribe: (listener: () => void) => () => void;
  /** Throws before {@link start}. */
  readonly connection: () => Connection;
  /** Connects; the answer ends it. */
  readonly start: () => () => void;
}

export function createLiveStore(): LiveStore {
  let model: Model | null = null;
  let line: Line = { state: "connecting", reason: null };
  let company = nobody;
  let connection: Connection | null = null;
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };

  return {
    model: () => model,
    line: () => line,
    company: () => company,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    connection() {
      if (!connection) throw new Error("The page is not connected yet.");
      return connection;
    },
    start() {
      const opened = connect({
        url: "",
        token: headerToken(),
        onModel(next) {
          model = next;
          tell();
        },
        onLine(state, reason) {
          line = { state, reason };
          tell();
        },
        onCompany(next) {
          company = next;
          tell();
        },
      });
      connection = opened;
      tell();
      return () => opened.close();
    },
  };
}
