import type { SessionId } from "./ids.ts";

/** The paths that a session's work touches, committed or not. */
export interface Footprint {
  readonly session: SessionId;
  readonly files: readonly string[];
}

/** Another session that this one may collide with. */
export interface Meeting {
  readonly session: SessionId;
  /** The first of the paths that both touch, in order. */
  readonly files: readonly string[];
  /** How many paths both touch. */
  readonly count: number;
  /** Folders in which both work, on different files; told only where no file is shared. */
  readonly folders: readonly string[];
}

/** More names say no more to a person. */
const mostNamed = 8;
/** A folder in which everybody works says nothing. */
const mostInFolder = 3;

/** Who meets whom, the most shared files first; sessions that meet nobody are left out. */
export function meetingsOf(footprints: readonly Footprint[]): Map<SessionId, readonly Meeting[]> {
  const shared = pairs(visitors(footprints, (files) => files));
  const near = pairs(
    visitors(footprints, (files) => files.map(folderOf).filter((folder) => folder !== "")),
    mostInFolder,
  );
  const found = new Map<SessionId, readonly Meeting[]>();
  for (const { session } of footprints) {
    const files = shared.get(session);
    const folders = near.get(session);
    const meetings = [...new Set([...(files?.keys() ?? []), ...(folders?.keys() ?? [])])].map((other) => {
      const paths = files?.get(other) ?? [];
      return {
        session: other,
        files: paths.toSorted().slice(0, mostNamed),
        count: paths.length,
        folders: paths.length > 0 ? [] : (folders?.get(other) ?? []).toSorted().slice(0, mostNamed),
      };
    });
    if (meetings.length === 0) continue;
    found.set(
      session,
      meetings.sort((a, b) => b.count - a.count || a.session.localeCompare(b.session)),
    );
  }
  return found;
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

function visitors(
  footprints: readonly Footprint[],
  placesOf: (files: readonly string[]) => readonly string[],
): Map<string, SessionId[]> {
  const found = new Map<string, SessionId[]>();
  for (const { session, files } of footprints) {
    for (const place of new Set(placesOf(files))) {
      const here = found.get(place);
      if (here) here.push(session);
      else found.set(place, [session]);
    }
  }
  return found;
}

/** Each session's neighbours with the places that they share. */
function pairs(
  places: ReadonlyMap<string, readonly SessionId[]>,
  mostVisitors = Infinity,
): Map<SessionId, Map<SessionId, string[]>> {
  const found = new Map<SessionId, Map<SessionId, string[]>>();
  for (const [place, sessions] of places) {
    if (sessions.length < 2 || sessions.length > mostVisitors) continue;
    for (const one of sessions) {
      const neighbours = found.get(one) ?? new Map<SessionId, string[]>();
      found.set(one, neighbours);
      for (const other of sessions) {
        if (other === one) continue;
        const common = neighbours.get(other);
        if (common) common.push(place);
        else neighbours.set(other, [place]);
      }
    }
  }
  return found;
}
