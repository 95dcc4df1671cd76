import type { MergePlanView, PlanEntryView, RepositoryView, SessionView } from "#lib/contract/wire.ts";
import type { ObjectId } from "#lib/domain/ids.ts";

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
  const lands = entries.filter(({ clean, outdated }) => clean && outdated === null);
  const [first, second] = lands;
  return {
    repository: repository.id,
    base: { name: repository.base, tip },
    entries,
    overlaps:
      first && second
        ? [
            {
              a: first.session,
              b: second.session,
              kind: "shared",
              files: ["src/orders/api.ts"],
              conflicts: [],
            },
          ]
        : [],
    order: lands.map(({ session }, index) => ({ session, how: index === 1 ? "after-check" : "at-once" })),
    leftOut: entries
      .filter((entry) => !lands.includes(entry))
      .map(({ session, clean }) => ({
        session,
        because: null,
        why: clean ? "It is checked again first." : `It conflicts with ${repository.base}.`,
      })),
    cut: null,
  };
}
