import { filesVersion } from "#lib/contract/files.ts";
import type { Spec } from "#lib/contract/files.ts";
import type { ObjectId } from "#lib/domain/ids.ts";
import type { Item } from "#lib/domain/item.ts";
import type { Identity } from "../ports.ts";
import { rolePrompt } from "./role-prompt.ts";
import type { RepositoryRow, RepositorySettings, SessionRow } from "./ports.ts";

/** Everything that the runner needs for both phases of one session. */
export function composeSpec(order: {
  row: SessionRow;
  repository: RepositoryRow;
  item: Item;
  settings: RepositorySettings;
  base: ObjectId;
  identity: Identity | null;
  at: string;
}): Spec {
  const { row, repository, item, settings } = order;
  const { agent, roles, council } = settings;
  const { type } = row.view.agent;
  const cut = (text: string, max = 200_000) => text.slice(0, max);
  return {
    version: filesVersion,
    session: row.id,
    repository: { id: repository.id, root: repository.root, commonDir: repository.commonDir },
    item: {
      id: item.id,
      title: cut(item.title, 2000),
      type: cut(item.type, 100),
      priority: Math.trunc(item.priority),
      labels: item.labels.slice(0, 200).map((label) => cut(label, 500)),
      description: cut(item.description),
      design: cut(item.design),
      acceptance: cut(item.acceptance),
      notes: cut(item.notes),
    },
    branch: row.view.branch,
    worktree: row.view.worktree,
    base: { branch: repository.base, oid: order.base },
    agent: {
      cli: agent.cli,
      command: agent.command,
      model: Object.hasOwn(agent.models, type) ? (agent.models[type] ?? agent.model) : agent.model,
      type,
      role: `${rolePrompt(roles, type)}\n\n${roles.rules}`,
    },
    council: {
      implementer: council.prompts.implementer ?? roles.presenter,
      "peer-reviewer": council.prompts["peer-reviewer"] ?? rolePrompt(roles, "peer-reviewer"),
      "tech-lead": council.prompts["tech-lead"] ?? rolePrompt(roles, "tech-lead"),
    },
    councilModels: { ...council.models },
    setup: [...settings.setup],
    carry: settings.carry,
    validate: settings.validate && [...settings.validate],
    limits: settings.limits,
    sandbox: settings.sandbox,
    passEnv: [...settings.passEnv],
    env: { ...settings.env },
    identity: order.identity ?? { name: "Amplify", email: "amplify@localhost" },
    createdAt: order.at,
  };
}
