import type { QuestionView, StandingAnswerView } from "#lib/contract/wire.ts";
import { questionIdFor } from "#lib/domain/ids.ts";
import type { Question } from "#lib/domain/question.ts";
import { ago, behind, repository, sessionOf } from "./sessions.ts";

function view(item: string, question: Question): QuestionView {
  const session = sessionOf(item);
  return {
    session: session.id,
    repository: repository.id,
    item: { id: session.item.id, title: session.item.title },
    question,
    downstream: behind[item] ?? 0,
  };
}

export const questions: QuestionView[] = [
  view("bd-auth.5", {
    id: questionIdFor(2),
    status: "open",
    asker: { role: "agent", phase: "implementation", step: 2 },
    askedAt: ago(7 * 60_000),
    toolUseId: "toolu_01",
    scene: {
      said: "The schema of `credentials` allows one row per person today. I have written the migration, but I am not sure which kinds of passkey it has to hold.",
      tool: null,
      files: ["src/auth/credentials.ts", "src/auth/register.ts", "migrations/0042_passkeys.sql"],
      changes: { files: 3, added: 148, removed: 12 },
      uncommitted: ["src/auth/register.test.ts"],
    },
    context:
      "The item asks for passkeys **first**. Two of the decisions change the database schema, so I would rather not guess. See `src/auth/credentials.ts`.",
    prompts: [
      {
        header: "Fallback",
        text: 'What should happen where the browser has **no passkey support**? Today `signIn` ends with\n\n```ts\nif (!window.PublicKeyCredential) throw new Error("unsupported");\n```',
        multiple: false,
        options: [
          {
            label: "Password form at once",
            description: "One page, no detour. The password stays a first-class way in.",
          },
          {
            label: "Link by mail",
            description:
              "No password at all; needs the mail queue of `bd-mail.1`, which is *not merged yet*.",
          },
          {
            label: "Explain and refuse",
            description: "Strictest. About 3 % of last month's visitors would be locked out.",
          },
        ],
      },
      {
        header: "Devices",
        text: "Which kinds of passkey may people register?",
        multiple: true,
        options: [
          { label: "Synced passkeys", description: "iCloud Keychain, Google Password Manager, 1Password …" },
          { label: "Security keys", description: "USB and NFC" },
          { label: "This device only", description: "Bound to one machine" },
        ],
      },
      { header: "Name", text: "What name should the relying party show?", multiple: false, options: [] },
    ],
  }),
  view("bd-pay.2", {
    id: questionIdFor(1),
    status: "open",
    asker: { role: "agent", phase: "implementation", step: 3 },
    askedAt: ago(31 * 60_000),
    toolUseId: "toolu_02",
    context: "",
    prompts: [
      {
        header: "Give up",
        text: "After how long should a webhook go to the dead-letter table?",
        multiple: false,
        options: [
          { label: "24 hours", description: "9 attempts" },
          { label: "3 days", description: "12 attempts; what Stripe does in live mode" },
        ],
      },
    ],
  }),
  view("bd-ui.12", {
    id: questionIdFor(1),
    status: "open",
    asker: { role: "agent", phase: "implementation", step: 3 },
    askedAt: ago(4 * 60_000),
    toolUseId: "toolu_03",
    context: "",
    prompts: [
      {
        header: "Give up",
        text: "After how long should a webhook go to the dead-letter table?",
        multiple: false,
        options: [
          { label: "24 hours", description: "9 attempts" },
          { label: "3 days", description: "12 attempts; what Stripe does in live mode" },
        ],
      },
    ],
  }),
];

/** What `bd-auth.5` asked before. */
export const answered: Question[] = [
  {
    id: questionIdFor(1),
    status: "answered",
    asker: { role: "agent", phase: "implementation", step: 1 },
    askedAt: ago(40 * 60_000),
    toolUseId: "toolu_00",
    context: "",
    prompts: [
      {
        header: "Library",
        text: "Use the WebAuthn library that the project has, or write the ceremony by hand?",
        multiple: false,
        options: [
          { label: "The library", description: "" },
          { label: "By hand", description: "" },
        ],
      },
    ],
    answer: {
      choices: [{ labels: ["The library"], text: "and pin its version" }],
      by: "mara",
      at: ago(36 * 60_000),
    },
    deliveredAt: ago(36 * 60_000),
  },
];

export const standingAnswers: StandingAnswerView[] = [
  {
    id: 2,
    repository: repository.id,
    rule: { texts: ["Which date format should exports use?"], options: null, agentType: null },
    choices: [{ labels: [], text: "ISO 8601 everywhere" }],
    by: "mara",
    createdAt: ago(3 * 86_400_000),
    used: 4,
    usedAt: ago(5 * 3_600_000),
    revokedAt: null,
    revokedBy: null,
  },
];
