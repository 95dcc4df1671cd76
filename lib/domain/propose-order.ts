/** A session that wants to land; earlier ones in the list are preferred where the order does not matter. */
export interface Candidate<Id> {
  readonly id: Id;
  /** It merges with the base as it stands. */
  readonly fits: boolean;
}

/** `conflict`: they do not merge with each other. `shared`: they touch the same files, so the second has to be checked anew. */
export interface Overlap<Id> {
  readonly a: Id;
  readonly b: Id;
  readonly kind: "conflict" | "shared";
}

export interface ProposedOrder<Id> {
  readonly order: readonly { readonly id: Id; readonly how: "at-once" | "after-check" }[];
  /** `because`: what lands instead; null where the base itself is in the way. */
  readonly leftOut: readonly { readonly id: Id; readonly because: Id | null }[];
}

type Choice = "at-once" | "after-check" | "out";

/** Groups of overlapping sessions that take more looks than this get a good order in place of the best. */
const mostLooks = 20_000;

/**
 * The order in which most sessions land, and most of those at once: none that conflicts with one before it,
 * and after those that share no file with any before them those that have to be checked anew.
 */
export function proposeOrder<Id>(
  candidates: readonly Candidate<Id>[],
  overlaps: readonly Overlap<Id>[],
): ProposedOrder<Id> {
  const fitting = candidates.filter(({ fits }) => fits).map(({ id }) => id);
  const place = new Map(fitting.map((id, index) => [id, index]));
  const conflicts = neighbours(fitting.length);
  const shares = neighbours(fitting.length);
  for (const { a, b, kind } of overlaps) {
    const [i, j] = [place.get(a), place.get(b)];
    if (i === undefined || j === undefined || i === j) continue;
    const edges = kind === "conflict" ? conflicts : shares;
    edges[i]?.add(j);
    edges[j]?.add(i);
  }

  const choices: Choice[] = fitting.map(() => "at-once");
  for (const group of groupsOf(fitting.length, [conflicts, shares])) {
    if (group.length > 1) chooseIn(group, conflicts, shares, choices);
  }
  const chosen = (choice: Choice) => fitting.filter((_, index) => choices[index] === choice);
  const lands = (index: number) => choices[index] !== "out";
  return {
    order: [
      ...chosen("at-once").map((id) => ({ id, how: "at-once" as const })),
      ...chosen("after-check").map((id) => ({ id, how: "after-check" as const })),
    ],
    leftOut: [
      ...chosen("out").map((id) => {
        const winner = [...(conflicts[place.get(id) ?? -1] ?? [])].find(lands);
        return { id, because: winner === undefined ? null : (fitting[winner] ?? null) };
      }),
      ...candidates.filter(({ fits }) => !fits).map(({ id }) => ({ id, because: null })),
    ],
  };
}

function neighbours(count: number): Set<number>[] {
  return Array.from({ length: count }, () => new Set<number>());
}

/** Sessions that reach each other over overlaps; each group is decided by itself. */
function groupsOf(count: number, edges: readonly (readonly Set<number>[])[]): number[][] {
  const seen = new Set<number>();
  const groups: number[][] = [];
  for (let start = 0; start < count; start += 1) {
    if (seen.has(start)) continue;
    seen.add(start);
    const group = [start];
    for (const each of group) {
      for (const next of edges.flatMap((kind) => [...(kind[each] ?? [])])) {
        if (seen.has(next)) continue;
        seen.add(next);
        group.push(next);
      }
    }
    groups.push(group.sort((a, b) => a - b));
  }
  return groups;
}

/** Branch and bound: the preferred choice of each session is tried first, so the first answer is a greedy one. */
function chooseIn(
  group: readonly number[],
  conflicts: readonly Set<number>[],
  shares: readonly Set<number>[],
  choices: Choice[],
): void {
  const current = new Map<number, Choice>();
  let best: { landed: number; atOnce: number; choices: Map<number, Choice> } | null = null;
  let looks = 0;
  const isBetter = (landed: number, atOnce: number) =>
    best === null || landed > best.landed || (landed === best.landed && atOnce > best.atOnce);

  function look(index: number, landed: number, atOnce: number): void {
    looks += 1;
    const left = group.length - index;
    if (!isBetter(landed + left, atOnce + left) || (looks > mostLooks && best !== null)) return;
    const session = group[index];
    if (session === undefined) {
      best = { landed, atOnce, choices: new Map(current) };
      return;
    }
    const meets = (edges: readonly Set<number>[], is: (choice: Choice | undefined) => boolean) =>
      [...(edges[session] ?? [])].some((other) => is(current.get(other)));
    const mayLand = !meets(conflicts, (choice) => choice === "at-once" || choice === "after-check");
    const options: Choice[] = mayLand
      ? meets(shares, (choice) => choice === "at-once")
        ? ["after-check", "out"]
        : ["at-once", "after-check", "out"]
      : ["out"];
    for (const choice of options) {
      current.set(session, choice);
      look(index + 1, landed + (choice === "out" ? 0 : 1), atOnce + (choice === "at-once" ? 1 : 0));
    }
    current.delete(session);
  }

  look(0, 0, 0);
  for (const [session, choice] of (best as { choices: Map<number, Choice> } | null)?.choices ?? []) {
    choices[session] = choice;
  }
}
