import type { GateView, LandingView, SessionView } from "#lib/contract/wire.ts";
import { ago, makeSession, oid, repository } from "./sessions.ts";
import { full, type Story } from "./story.ts";

const minute = 60_000;

/** What the gate of the crowd printed. */
export const gateLines: readonly string[] = [
  "$ npx tsc --noEmit",
  "$ npm test",
  "",
  "> shop@2.4.0 test",
  "> vitest run",
  "",
  ...Array.from(
    { length: 60 },
    (_, index) =>
      `\u001b[32m✓\u001b[0m src/orders/part-${String(index)}.test.ts \u001b[2m(${String((index % 9) + 2)} tests)\u001b[0m ${String(8 + ((index * 37) % 90))}ms`,
  ),
];

const gate = (status: GateView["status"], log: number): GateView => ({
  status,
  commands:
    status === "running"
      ? []
      : [
          { name: "types", command: "npx tsc --noEmit", exit: 0, durationMs: 8_200, retried: false },
          {
            name: "test",
            command: "npm test",
            exit: status === "red" ? 1 : 0,
            durationMs: 31_400,
            retried: false,
          },
          ...(status === "red"
            ? [{ name: "test", command: "npm test", exit: 1, durationMs: 30_100, retried: true }]
            : []),
        ],
  log,
});

const titles = [
  "Show an order's history beside it",
  "Let people save a basket for later",
  "Round tax per line, as the law wants it",
  "Send a reminder for an unpaid invoice",
  "Import addresses from a spreadsheet",
  "Cache the product list for a minute",
  "Translate the checkout into Dutch",
  "Print a packing slip without prices",
  "Warn before a double order",
  "Merge accounts that share a mail address",
];

function sketch(index: number, view: Partial<SessionView>): SessionView {
  return makeSession({
    item: `bd-t.${String(index)}`,
    title: titles[index % titles.length] ?? "",
    type: index % 4 === 0 ? "feature" : "task",
    priority: index % 4,
    agent: "backend-engineer",
    minutes: 40 + index,
    view: {
      status: "approved",
      verdict: "approved",
      head: oid(`bd-t.${String(index)}`),
      changes: { files: 2 + (index % 6), added: 12 + ((index * 53) % 300), removed: (index * 31) % 90 },
      steps: 4,
      since: ago((4 + index) * minute),
      evidence: { process: "none", lastByteAt: null, tool: null, derived: null },
      ...view,
    },
  });
}

function landingOf(session: SessionView, view: Partial<LandingView>): LandingView {
  return {
    id: `l-${session.id}`,
    kind: "merge",
    train: "train-1",
    session: session.id,
    repository: repository.id,
    item: session.item.id,
    head: session.head ?? oid(session.id),
    status: "running",
    step: null,
    message: "Waiting for its turn.",
    conflicts: [],
    gate: null,
    commit: null,
    url: null,
    by: "mara",
    startedAt: ago(0.7 * minute),
    endedAt: null,
    ...view,
  };
}

/** A train in the middle of its way, what did not land, an alarm, and a crowd that waits. */
export function lane(): Story {
  const crowd = Array.from({ length: 16 }, (_, index) => sketch(index, {}));
  const moving = [20, 21, 22].map((index) => sketch(index, { status: "merging" }));
  const red = sketch(30, {});
  const conflicting = sketch(31, {
    status: "failed",
    reason: {
      code: "merge-conflict",
      text: "It conflicts with its base.",
      detail: "src/orders/order-list.tsx",
      remedy: "person",
    },
  });
  const back = sketch(32, {
    status: "merged",
    mergeCommit: oid("merge bd-t.32"),
    reverted: {
      commit: oid("revert"),
      by: "jonas",
      at: ago(9 * minute),
      reason: "Old invoices lost their number.",
    },
  });
  const [now, next, last] = moving;
  return {
    ...full,
    repositories: [
      {
        ...repository,
        alarms: [
          {
            kind: "base-moved",
            at: ago(3 * minute),
            text: "main was moved outside of Amplify: 3f2a91c4 by somebody else is on it, which nobody approved here.",
            blocks: true,
          },
        ],
      },
    ],
    sessions: [...full.sessions, ...crowd, ...moving, red, conflicting, back],
    landings: [
      ...full.landings,
      ...(now
        ? [
            landingOf(now, {
              step: "built",
              message: "The gate's commands are running.",
              gate: gate("running", 1),
            }),
          ]
        : []),
      ...(next ? [landingOf(next, { startedAt: ago(0.69 * minute) })] : []),
      ...(last ? [landingOf(last, { startedAt: ago(0.68 * minute) })] : []),
      landingOf(red, {
        status: "gate-red",
        step: "built",
        gate: gate("red", 1),
        message:
          "The gate is red: test ended with 1, twice. Nothing was landed. Send it back to its agent with the output, or land it again.",
        startedAt: ago(6 * minute),
        endedAt: ago(5 * minute),
      }),
      landingOf(conflicting, {
        status: "conflict",
        message:
          "It conflicts with main in src/orders/order-list.tsx. Nothing was changed; send it back or dispatch it again.",
        conflicts: ["src/orders/order-list.tsx", "src/orders/api.ts"],
        startedAt: ago(6 * minute),
        endedAt: ago(6 * minute),
      }),
      landingOf(back, {
        status: "landed",
        step: "cleaned",
        commit: oid("merge bd-t.32"),
        gate: gate("flaky", 1),
        message: "Landed on main.",
        startedAt: ago(60 * minute),
        endedAt: ago(58 * minute),
      }),
      landingOf(back, {
        id: "l-revert",
        kind: "revert",
        train: null,
        status: "landed",
        step: "cleaned",
        commit: oid("revert"),
        message: "Taken back from main; bd-t.32 is open again.",
        by: "jonas",
        startedAt: ago(9 * minute),
        endedAt: ago(9 * minute),
      }),
    ],
  };
}
