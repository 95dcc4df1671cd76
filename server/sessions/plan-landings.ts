import type { MergePlanView, PlanEntryView } from "#lib/contract/wire.ts";
import { gateView } from "../merging/landing.ts";
import type { Plan, PlanEntry } from "../merging/ports.ts";
import { landingAsks } from "./landing-asks.ts";
import { approvalOf, landingRepository } from "./landing-order.ts";
import type { RepositoryRow, SessionRow } from "./ports.ts";
import type { Room } from "./room.ts";

/** What git foresees for these sessions; those that hold up most come first, then those that wait longest. */
export async function planLandings(
  room: Pick<Room, "merging" | "downstreamOf">,
  repository: RepositoryRow,
  rows: readonly SessionRow[],
): Promise<{ plan: Plan; rows: ReadonlyMap<string, SessionRow> }> {
  const weight = new Map(rows.map((row) => [row.id, room.downstreamOf(row)]));
  const sorted = [...rows].sort(
    (a, b) => (weight.get(b.id) ?? 0) - (weight.get(a.id) ?? 0) || a.view.since.localeCompare(b.view.since),
  );
  const sessions = sorted.flatMap((row) => {
    const approval = approvalOf(row);
    return approval
      ? [
          {
            session: row.id,
            approval,
            branch: row.view.branch,
            isOutdated: row.state.status === "outdated",
          },
        ]
      : [];
  });
  const plan = await room.merging.plan({ repository: landingRepository(repository), sessions });
  return { plan, rows: new Map(rows.map((row) => [row.id, row])) };
}

/** Those that land first come first; what the plan leaves out is tried last and says itself why it fails. */
export async function inPlannedOrder(
  room: Pick<Room, "merging" | "downstreamOf">,
  repository: RepositoryRow,
  approved: readonly SessionRow[],
): Promise<readonly SessionRow[]> {
  if (approved.length < 2) return approved;
  const { plan } = await planLandings(room, repository, approved);
  const place = new Map(plan.order.map(({ session }, index) => [session, index]));
  const of = (row: SessionRow) => place.get(row.id) ?? approved.length;
  return [...approved].sort((a, b) => of(a) - of(b) || a.view.since.localeCompare(b.view.since));
}

/** The plan of a repository as clients see it: what git foresees, what the gate said last, and who has to land it. */
export async function readMergePlan(room: Room, repository: RepositoryRow): Promise<MergePlanView> {
  const open = await room.store.open(repository.id);
  const waiting = open.filter(({ state }) => state.status === "approved" || state.status === "outdated");
  const { plan, rows } = await planLandings(room, repository, waiting);
  const { base, overlaps, order, leftOut, cut } = plan;
  const entries: PlanEntryView[] = [];
  // Nothing rings where a branch moves: whoever looks at the plan finds it.
  const isNews = ({ session, outdated }: PlanEntry) =>
    outdated !== null && rows.get(session)?.state.status === "approved";
  if (plan.entries.some(isNews)) await room.checkBase(repository);
  for (const entry of plan.entries) {
    const row = rows.get(entry.session);
    if (row) entries.push(await entryView(room, row, entry));
  }
  return {
    repository: repository.id,
    base,
    entries,
    overlaps: [...overlaps],
    order: [...order],
    leftOut: [...leftOut],
    cut,
    notes: await notesOn(room, repository),
  };
}

/** What holds for each landing of a repository, and what nobody would see otherwise. */
async function notesOn(room: Pick<Room, "readSettings">, row: RepositoryRow): Promise<string[]> {
  const { gate, validate } = await room.readSettings(row.root);
  const proposal = (validate ?? []).map(({ command }) => `"${command}"`).join(", ");
  const hooks = Object.keys(row.guard?.settings ?? {})
    .filter((name) => commitHooks.has(name))
    .map((name) => name.replace("hooks/", ""));
  return [
    ...(gate.length > 0
      ? []
      : [
          `No gate is configured: nothing is tested on the merged tree before it lands.${proposal && ` For what validations run, put "gate": [${proposal}] into amplify.config.json.`}`,
        ]),
    ...(hooks.length > 0
      ? [`The hooks ${hooks.join(", ")} do not run at a landing, and its commit is not signed.`]
      : []),
  ];
}

const commitHooks = new Set(
  ["pre-commit", "pre-merge-commit", "commit-msg", "prepare-commit-msg", "post-commit", "post-merge"].map(
    (name) => `hooks/${name}`,
  ),
);

async function entryView(room: Room, row: SessionRow, entry: PlanEntry): Promise<PlanEntryView> {
  const { session, head, clean, conflicts, outdated, obstacles, files, added, removed } = entry;
  return {
    session,
    item: row.item,
    title: row.view.item.title,
    status: row.state.status,
    head,
    clean,
    conflicts: [...conflicts],
    outdated,
    obstacles: [...obstacles],
    files,
    added,
    removed,
    notes: notesOf(entry),
    asks: await landingAsks(room, row),
    gate: await lastGate(room, row, entry),
  };
}

async function lastGate(
  { store }: Room,
  row: SessionRow,
  { tree }: PlanEntry,
): Promise<PlanEntryView["gate"]> {
  const landings = await store.landings({ session: row.id, limit: 20 });
  for (const landing of landings) {
    const { journal, status, endedAt, startedAt } = landing;
    const view = gateView(landing);
    if (status === "running" || !view || view.status === "not-configured") continue;
    return { ...view, at: endedAt ?? startedAt, isCurrent: tree !== null && journal.tree === tree };
  }
  return null;
}

function notesOf({ submodules, lfs }: PlanEntry): string[] {
  const some = (paths: readonly string[]) =>
    paths.length > 3 ? `${paths.slice(0, 3).join(", ")} and ${paths.length - 3} more` : paths.join(", ");
  return [
    ...(submodules.length > 0
      ? [
          `It changes which commit of another repository is used (submodule ${some(submodules)}); its content is not looked at.`,
        ]
      : []),
    ...(lfs.length > 0 ? [`Files of Git LFS, whose content is not looked at: ${some(lfs)}.`] : []),
  ];
}
