import type { AuditEntryView, FactName, ReadOutput, RepositoryView } from "#lib/contract/wire.ts";
import { ago } from "./sessions.ts";

const minute = 60_000;
const day = 24 * 60 * minute;
const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const phone =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604";

/** Somebody of every role, one who was revoked, and what leads in. */
export function teamOf(repositories: readonly RepositoryView[]): ReadOutput<"team"> {
  const [first] = repositories;
  const person = (
    id: string,
    name: string,
    role: "viewer" | "operator" | "owner",
    part: Partial<ReadOutput<"team">["people"][number]> = {},
  ) => ({
    id,
    name,
    role,
    lands: [],
    createdAt: ago(9 * day),
    seenAt: ago(3 * minute),
    revokedAt: null,
    ...part,
  });
  const device = (id: string, of: string, userAgent: string, address: string) => {
    const times = { createdAt: ago(day), seenAt: ago(2 * minute), endsAt: ago(-6 * day) };
    return { id, person: of, userAgent, address, ...times };
  };
  return {
    people: [
      person("owner", "mara", "owner"),
      person("5b21", "Mira Vogel", "operator", { lands: first ? [first.id] : [] }),
      person("a7c0", "Jonas", "operator"),
      person("e913", "Wei Zhang", "viewer", { seenAt: ago(26 * 60 * minute) }),
      person("77aa", "Ines", "viewer", { revokedAt: ago(2 * day) }),
    ],
    devices: [
      device("0123456789abcdef", "owner", firefox, "127.0.0.1"),
      device("1123456789abcdef", "5b21", firefox, "10.0.0.7"),
      device("2123456789abcdef", "5b21", phone, "10.0.0.9"),
      device("3123456789abcdef", "a7c0", firefox, "10.0.0.12"),
    ],
    invitations: [
      {
        id: "4123456789abcdef",
        name: "Sana",
        role: "viewer",
        reusable: true,
        uses: 2,
        by: "mara",
        createdAt: ago(60 * minute),
        expiresAt: ago(-20 * 60 * minute),
      },
    ],
    tokens: [
      {
        id: "5123456789abcdef",
        name: "nightly report",
        role: "viewer",
        person: "owner",
        createdAt: ago(9 * day),
        seenAt: ago(8 * 60 * minute),
        expiresAt: ago(-81 * day),
      },
    ],
    fingerprint: Array.from({ length: 32 }, (_, index) => (index * 7 + 16).toString(16).toUpperCase()).join(
      ":",
    ),
  };
}

const doings = [
  ["Mira Vogel", "question:answer", "session-bd-auth-5-k2m9qa/q-1", "done"],
  ["mara", "merge:start", "session-bd-auth-2-a8d2ce", "decided"],
  ["nobody", "login", "10.0.0.31", "refused"],
  ["mara", "team:invite", "viewer Sana", "done"],
  ["Jonas", "session:dispatch", "bd-search.4", "done"],
] as const;

export function auditOf(before: number | null, limit: number): ReadOutput<"audit"> {
  const last = before ?? 401;
  const entries = Array.from({ length: Math.min(limit, last - 1) }, (_, index): AuditEntryView => {
    const seq = last - 1 - index;
    const [actor, action, target, outcome] = doings[seq % doings.length] ?? doings[0];
    const at = ago((401 - seq) * 7 * minute);
    return {
      seq,
      at,
      actor,
      person: null,
      via: "device 0123456789abcdef",
      action,
      target,
      outcome,
      detail: "",
    };
  });
  const next = entries.at(-1)?.seq ?? 1;
  return { entries, next: next > 1 ? next : null };
}

const happenings: readonly (readonly [FactName, string, string])[] = [
  ["question:answered", "Mira Vogel", "Mira Vogel answered q-1 of bd-auth.5."],
  ["merge:landed", "mara", "bd-auth.2 landed on main."],
  ["session:failed", "session-bd-mail-1-abc123", "bd-mail.1 failed: the tests are red."],
  ["review:concluded", "session-bd-ui-9-abc123", "The council approved bd-ui.9."],
  [
    "question:asked",
    "session-bd-pay-2-abc123",
    "bd-pay.2 asks: after how long should a webhook go to the dead-letter table?",
  ],
];

/** Facts as they were before the story began, newest first. */
export function pastFacts(count: number): ReadOutput<"activity">["facts"] {
  return Array.from({ length: count }, (_, index) => {
    const [name, actor, text] = happenings[index % happenings.length] ?? happenings[0]!;
    return {
      seq: count - index,
      at: ago(index * 23 * minute),
      name,
      repository: null,
      session: null,
      actor,
      text,
    };
  });
}
