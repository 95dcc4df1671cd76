import { type ItemId, projectLabel, type SessionId } from "./ids.ts";
import type { Item, Unready } from "./item.ts";
import { describeUnready, unready } from "./item.ts";
import { pathsIn, patternOf } from "./path-pattern.ts";
import type { SessionStatus } from "./session.ts";
import { isWorking } from "./session.ts";

export interface AgentTypeRule {
  readonly type: string;
  /** The item has this label. */
  readonly label?: string | undefined;
  /** A path that the item's texts name is one of these, as in `landing.ask`. */
  readonly path?: string | undefined;
  /** The item's title contains this, in any case. */
  readonly title?: string | undefined;
}

export interface AgentTypeChoice {
  readonly type: string;
  /** Printed, so that nobody has to guess. */
  readonly why: string;
}

/** What was asked for, else the label `agent:<type>`, else the repository's rules, else `default`. */
export function chooseAgentType(
  item: Item,
  asked: string | null,
  rules: readonly AgentTypeRule[],
): AgentTypeChoice {
  if (asked !== null) return { type: asked, why: "asked for" };
  const label = item.labels.find((each) => each.startsWith("agent:"));
  if (label !== undefined) return { type: label.slice("agent:".length), why: `label ${label}` };
  const named = pathsIn(`${item.title}\n${item.description}\n${item.acceptance}`);
  for (const rule of rules) {
    if (rule.label !== undefined && item.labels.includes(rule.label))
      return { type: rule.type, why: `rule for label ${rule.label}` };
    const path = rule.path === undefined ? undefined : named.find(matcherOf(rule.path));
    if (path !== undefined)
      return { type: rule.type, why: `rule for ${String(rule.path)}, and it names ${path}` };
    if (rule.title !== undefined && item.title.toLowerCase().includes(rule.title.toLowerCase())) {
      return { type: rule.type, why: `rule for titles with "${rule.title}"` };
    }
  }
  return { type: "default", why: "no label and no rule names a type" };
}

function matcherOf(glob: string): (path: string) => boolean {
  const pattern = patternOf(glob);
  return (path) => pattern.test(path);
}

export interface OpenSession {
  readonly session: SessionId;
  readonly item: ItemId;
  readonly status: SessionStatus;
}

export type Skip =
  | Unready
  | { readonly kind: "has-session"; readonly session: SessionId }
  | { readonly kind: "other-project" };

export interface DispatchPlan {
  readonly dispatch: readonly Item[];
  readonly skipped: readonly { readonly item: Item; readonly why: Skip }[];
}

/** `auth` and `project:auth` name the same project. */
export function isInProject({ labels }: { readonly labels: readonly string[] }, project: string): boolean {
  const label = projectLabel(project);
  return labels.includes(label) || labels.includes(label.slice("project:".length));
}

export function describeSkip(why: Skip): string {
  switch (why.kind) {
    case "has-session":
      return `has ${why.session}`;
    case "other-project":
      return "of another project";
    default:
      return describeUnready(why);
  }
}

/** Which items of a backlog get a session now; every other open one comes with its reason. */
export function planDispatch(order: {
  items: readonly Item[];
  ready: ReadonlySet<ItemId>;
  sessions: readonly OpenSession[];
  label: string | null;
}): DispatchPlan {
  const all = new Map(order.items.map((item) => [item.id, item]));
  const taken = new Map(order.sessions.map((each) => [each.item, each.session]));
  const dispatch: Item[] = [];
  const skipped: { item: Item; why: Skip }[] = [];
  for (const item of order.items) {
    if (item.status === "closed") continue;
    if (order.label !== null && !isInProject(item, order.label)) continue;
    const session = taken.get(item.id);
    if (session !== undefined) {
      skipped.push({ item, why: { kind: "has-session", session } });
      continue;
    }
    const why = unready(item, order.ready, all);
    if (why) skipped.push({ item, why });
    else dispatch.push(item);
  }
  const urgency = (a: Item, b: Item) => a.priority - b.priority || a.createdAt.localeCompare(b.createdAt);
  return { dispatch: dispatch.sort(urgency), skipped };
}

/** How many queued sessions may start now. */
export function freeSlots(sessions: readonly { readonly status: SessionStatus }[], limit: number): number {
  return Math.max(0, limit - sessions.filter(({ status }) => isWorking(status)).length);
}
