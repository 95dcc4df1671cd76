import { readdirSync, readFileSync } from "node:fs";

/** One process; `over` when it has ended and only waits to be reaped. */
export interface ProcessRow {
  readonly pid: number;
  /** Whatever tells this process from a later one with the same pid. */
  readonly startTicks: string;
  readonly group: number;
  readonly parent: number;
  /** Of the leader of its session; 0 where the system does not tell. */
  readonly session: number;
  readonly over: boolean;
  /** Suspended by a signal. */
  readonly stopped: boolean;
}

/** What the operating system knows of its processes. All calls are synchronous, so that nothing comes between a look and a signal. */
export interface ProcessTable {
  bootId(): string;
  pids(): number[];
  read(pid: number): ProcessRow | null;
  /** The value of `AMPLIFY_SESSION` in the environment it was started with; null where it has none or we may not look. */
  marker(pid: number): string | null;
}

export const markerVariable = "AMPLIFY_SESSION";

/** Linux, through `/proc`; see proc(5). `procRoot` and `bootIdFile` are there for tests. */
export function createProcTable(
  procRoot = "/proc",
  bootIdFile = "/proc/sys/kernel/random/boot_id",
): ProcessTable {
  const look = (pid: number, file: string) => {
    try {
      return readFileSync(`${procRoot}/${pid}/${file}`, "latin1");
    } catch {
      return null;
    }
  };
  return {
    bootId: () => readFileSync(bootIdFile, "latin1").trim(),
    pids: () => readdirSync(procRoot).filter(isPid).map(Number),
    read(pid) {
      const stat = look(pid, "stat");
      return stat === null ? null : parseStat(pid, stat);
    },
    marker(pid) {
      const environment = look(pid, "environ");
      if (environment === null) return null;
      const prefix = `${markerVariable}=`;
      const entry = environment.split("\0").find((each) => each.startsWith(prefix));
      return entry === undefined ? null : Buffer.from(entry.slice(prefix.length), "latin1").toString("utf8");
    },
  };
}

function isPid(name: string) {
  return /^[1-9][0-9]*$/.test(name);
}

/** The second field is the program's name and may hold spaces and parentheses, so count from its end. */
function parseStat(pid: number, stat: string): ProcessRow | null {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, parent, group, session] = fields;
  const startTicks = fields[19];
  if (state === undefined || session === undefined || startTicks === undefined) return null;
  return {
    pid,
    startTicks,
    group: Number(group),
    parent: Number(parent),
    session: Number(session),
    over: state === "Z" || state === "X",
    stopped: state === "T",
  };
}
