import { createHash } from "node:crypto";
import type { AlarmView } from "#lib/contract/wire.ts";
import { alarmOf, type BaseMove } from "#lib/domain/base-move.ts";
import type { ItemId, ObjectId, RepositoryId } from "#lib/domain/ids.ts";
import { isWorking } from "#lib/domain/session.ts";
import type { LandingGit, RefMove } from "../ports.ts";
import { isIn } from "./landed-since.ts";
import { approvalOf } from "./landing-order.ts";
import type { Ledger } from "./ledger.ts";
import type { Guard, NewFact, ReadSettings, RepositoryRow, SessionRow, SessionStore } from "./ports.ts";
import { repositoryFact, repositoryView } from "./repositories.ts";

/** A history that is longer is looked at from its new end. */
const mostCommits = 5000;
const mostAlarms = 20;
const newestMerges = 100;
/** What the configuration of the main checkout says about landing stands under such names among the settings. */
const configured = "amplify.config.json: ";

/** Tells who moved a repository's base, and what changed of the settings by which it starts programs. */
export interface BaseGuard {
  /** Looks at everything since the last look. Raises an alarm at most once for one move. */
  check(repository: RepositoryId): Promise<void>;
  /** As {@link check}, and then why nothing may land; null where nothing stands against it. */
  blockOf(repository: RepositoryId): Promise<string | null>;
}

export function createBaseGuard(deps: {
  store: SessionStore;
  ledger: Ledger;
  git: LandingGit;
  readSettings: ReadSettings;
  problemOf(row: RepositoryRow): Promise<string | null>;
}): BaseGuard {
  const { store, ledger, git } = deps;
  const turns = new Map<RepositoryId, Promise<void>>();

  /** One look at a time, so that none judges what another is about to write. */
  function check(id: RepositoryId): Promise<void> {
    const before = turns.get(id) ?? Promise.resolve();
    const turn = before.catch(() => undefined).then(() => look(id));
    turns.set(id, turn);
    return turn;
  }

  async function rowOf(id: RepositoryId): Promise<RepositoryRow | null> {
    return (await store.repositories()).find((each) => each.id === id) ?? null;
  }

  async function look(id: RepositoryId): Promise<void> {
    const row = await rowOf(id);
    if (!row) return;
    const open = await store.open(id);
    const tip = await git.resolve(row.root, `refs/heads/${row.base}`);
    const known = row.guard;
    const settings = { ...(await git.actingSettings(row.commonDir)), ...(await configurationOf(row)) };
    const alarms: Omit<AlarmView, "at">[] = [];
    if (known?.tip && known.tip !== tip) {
      for (const move of await movesSince(row, known.tip, tip)) {
        const text = alarmOf(await judged(row, move, open), row.base);
        if (text !== null) alarms.push({ kind: "base-moved", text, blocks: true });
      }
    }
    const changed = known ? differences(known.settings, settings) : [];
    // While nothing is at work only people can have changed them.
    if (open.some(({ state }) => isWorking(state.status))) {
      const acting = changed.filter((name) => !name.startsWith(configured));
      // What was never looked at has not changed.
      const landing = changed.filter((name) => name.startsWith(configured) && known?.settings[name]);
      const texts = [
        acting.length > 0 &&
          `While sessions were at work, settings changed by which git starts programs: ${acting.slice(0, 8).join(", ")}. Amplify runs none of them; your own git does.`,
        landing.length > 0 &&
          `While sessions were at work, amplify.config.json in ${row.root} changed what decides about a landing: ${landing.map((name) => name.slice(configured.length)).join(", ")}. It counts already; if that was not you, put it back.`,
      ];
      for (const text of texts) if (text) alarms.push({ kind: "config-changed", text, blocks: false });
    }
    if (known && known.tip === tip && changed.length === 0) return;
    await keep(id, { tip, settings }, alarms);
  }

  /** A file that cannot be read says nothing: what it said before stays. */
  async function configurationOf({ root, guard }: RepositoryRow): Promise<Record<string, string>> {
    const { landing, gate, sandbox, problem } = await deps.readSettings(root);
    const said = Object.entries({ landing, gate, sandbox });
    const digests = said.map(([name, value]) => [`${configured}${name}`, digestOf(value)] as const);
    const known = Object.entries(guard?.settings ?? {}).filter(([name]) => name.startsWith(configured));
    return Object.fromEntries(problem === null ? digests : known);
  }

  async function movesSince(row: RepositoryRow, since: ObjectId, tip: ObjectId | null): Promise<RefMove[]> {
    const logged = await git.movesOf(row.commonDir, row.base, since);
    const reachesTip = logged?.at(-1)?.to === tip && logged[0]?.from === since;
    if (logged && reachesTip) return logged;
    // Without a log, or with one that somebody has cut, all of it counts as one move.
    return [{ from: since, to: tip, message: logged === null ? null : "" }];
  }

  async function judged(row: RepositoryRow, move: RefMove, open: readonly SessionRow[]): Promise<BaseMove> {
    const { from, to, message } = move;
    const landings = await store.landings({ repository: row.id, limit: newestMerges });
    const isOurs = to !== null && landings.some(({ journal }) => journal.commit === to);
    const nothing = { from, to, message, isOurs, unapproved: [], lost: [] };
    if (isOurs || from === null || to === null) return nothing;
    const came = new Set((await git.commits(row.root, from, to, mostCommits)).map(({ commit }) => commit));
    const unapproved: ItemId[] = [];
    for (const session of open)
      if (await isUnapprovedIn(row, session, came, to)) unapproved.push(session.item);
    return {
      ...nothing,
      unapproved,
      lost: (await isIn(git, row, from, to)) ? [] : await lostBy(row, from, to),
    };
  }

  /** Only commits that were made in the session's own worktree are its own: others it may have merged in. */
  async function isUnapprovedIn(
    row: RepositoryRow,
    session: SessionRow,
    came: ReadonlySet<ObjectId>,
    tip: ObjectId,
  ): Promise<boolean> {
    const own = [...(await git.madeIn(session.view.worktree))].filter((commit) => came.has(commit));
    if (own.length === 0) return false;
    const approval = approvalOf(session);
    if (!approval || !(await isIn(git, row, approval.head, tip))) return true;
    for (const commit of own) if (!(await isIn(git, row, commit, approval.head))) return true;
    return false;
  }

  async function lostBy(row: RepositoryRow, from: ObjectId, to: ObjectId): Promise<ItemId[]> {
    const ended = await store.sessions({ repository: row.id, open: false, limit: newestMerges });
    const lost: ItemId[] = [];
    for (const { item, view } of ended) {
      const commit = view.mergeCommit;
      if (commit === null || !(await isIn(git, row, commit, from))) continue;
      if (await isIn(git, row, commit, to)) continue;
      // A rebase or an amended landing leaves the merge commit behind, and not the work.
      const isThere = view.head && (await git.holdsWork(row.root, view.head, to).catch(() => false));
      if (!isThere) lost.push(item);
    }
    return lost;
  }

  async function keep(
    id: RepositoryId,
    seen: Pick<Guard, "tip" | "settings">,
    raised: readonly Omit<AlarmView, "at">[],
  ): Promise<void> {
    const found = await rowOf(id);
    const problem = found && (await deps.problemOf(found));
    await ledger.write(async (at) => {
      const row = await rowOf(id);
      if (!row) return { change: {}, result: undefined };
      const fresh = raised.map((alarm) => ({ ...alarm, at }));
      const alarms = [...(row.guard?.alarms ?? []), ...fresh].slice(-mostAlarms);
      const next: RepositoryRow = { ...row, guard: { ...seen, alarms } };
      const facts: NewFact[] = [];
      if (row.guard?.tip && row.guard.tip !== seen.tip) {
        const text = `${row.base} is at ${seen.tip?.slice(0, 10) ?? "nothing"} now.`;
        facts.push({ name: "base:moved", repository: id, session: null, actor: "git", text, changes: {} });
      }
      for (const { text } of fresh) {
        facts.push(repositoryFact("repository:alarmed", repositoryView(next, problem), "git", text));
      }
      const audit = fresh.map(({ kind, text }) => {
        return { actor: "git", action: "alarm", target: row.name, outcome: kind, detail: text };
      });
      return { change: { repository: next, facts, audit }, result: undefined };
    });
  }

  return {
    check,
    async blockOf(id) {
      await check(id);
      const alarms = (await rowOf(id))?.guard?.alarms ?? [];
      return alarms.find(({ blocks }) => blocks)?.text ?? null;
    },
  };
}

function digestOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}

function differences(
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].filter((name) => before[name] !== now[name]).sort();
}
