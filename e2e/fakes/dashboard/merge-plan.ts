import type {
  MergePlanView,
  OverlapView,
  PlanEntryView,
  RepositoryView,
  SessionView,
} from "#lib/contract/wire.ts";
import type { ObjectId } from "#lib/domain/ids.ts";
import { proposeOrder } from "#lib/domain/propose-order.ts";

const conflict: PlanEntryView["conflicts"][number] = {
  path: "src/orders/order-list.tsx",
  kind: "contents",
  hunks: [
    {
      from: 41,
      to: 49,
      ours: "  const rows = orders.map(toRow);",
      theirs: "  const rows = usePagedOrders(orders, pageSize);",
    },
  ],
};

/** What a server would foresee for the approved sessions: the second conflicts with the base, the third overlaps with the first. */
export function mergePlan(
  repository: RepositoryView,
  tip: ObjectId,
  sessions: readonly SessionView[],
): MergePlanView {
  const waiting = sessions.filter(
    ({ status, repository: of }) => of === repository.id && (status === "approved" || status === "outdated"),
  );
  const entries = waiting.map((session): PlanEntryView => {
    const clean = session.item.id !== "bd-ui.9";
    return {
      session: session.id,
      item: session.item.id,
      title: session.item.title,
      status: session.status,
      head: session.head ?? tip,
      clean,
      conflicts: clean ? [] : [conflict],
      outdated: session.status === "outdated" ? (session.reason?.detail ?? "the base moved") : null,
      obstacles: [],
      ...(session.changes ?? { files: 3, added: 40, removed: 6 }),
      notes: [],
      asks: session.item.labels.includes("area:database") ? ["It has the label area:database."] : [],
      gate: null,
    };
  });
  const lands = entries.filter(({ outdated }) => outdated === null);
  const overlaps = overlapsOf(lands);
  const { order, leftOut } = proposeOrder(
    lands.map(({ session: id, clean: fits }) => ({ id, fits })),
    overlaps,
  );
  return {
    repository: repository.id,
    base: { name: repository.base, tip },
    entries,
    overlaps,
    order: order.map(({ id: session, how }) => ({ session, how })),
    leftOut: [
      ...leftOut.map(({ id: session, because }) => ({
        session,
        because,
        why: because
          ? `It conflicts with ${because}, which lands first.`
          : `It conflicts with ${repository.base}.`,
      })),
      ...entries
        .filter(({ outdated }) => outdated !== null)
        .map(({ session }) => ({ session, because: null, why: "It is checked again first." })),
    ],
    cut: null,
    notes: [],
  };
}

/** The first two touch the same file; in a crowd some more do, and some of those conflict. */
function overlapsOf(entries: readonly PlanEntryView[]): OverlapView[] {
  return entries.flatMap((a, i) =>
    entries.slice(i + 1).flatMap((b, gap): OverlapView[] => {
      const j = i + 1 + gap;
      const both = { a: a.session, b: b.session };
      if (i > 2 && (i * 7 + j * 3) % 13 === 0)
        return [
          { ...both, kind: "conflict", files: [conflict.path, "src/orders/api.ts"], conflicts: [conflict] },
        ];
      const isShared = (i === 0 && j === 1) || (i > 2 && (i * 5 + j) % 9 === 0);
      return isShared ? [{ ...both, kind: "shared", files: ["src/orders/api.ts"], conflicts: [] }] : [];
    }),
  );
}
