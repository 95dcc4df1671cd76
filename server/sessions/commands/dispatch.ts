import { join } from "node:path";
import type { SessionView } from "#lib/contract/wire.ts";
import {
  actorFor,
  branchFor,
  isBranchName,
  randomSuffix,
  sessionIdFor,
  worktreeFor,
} from "#lib/domain/ids.ts";
import type { ItemId } from "#lib/domain/ids.ts";
import {
  blockersOf,
  describeUnready,
  isContainer,
  type Item,
  unready,
  type Unready,
} from "#lib/domain/item.ts";
import { isAlive } from "#lib/domain/run-state.ts";
import { chooseAgentType } from "#lib/domain/scheduling.ts";
import { isReplaceable, queued } from "#lib/domain/session.ts";
import { ProblemError } from "../../application.ts";
import type { Backlog } from "../../scheduling/backlog.ts";
import { releaseIt } from "../../scheduling/item-commands.ts";
import { requireSettings } from "../require-settings.ts";
import type { BacklogState } from "../../scheduling/backlog-state.ts";
import { withdrawOpen } from "../../questions/withdraw-open.ts";
import { rolePrompt } from "../role-prompt.ts";
import type { Handler } from "../command.ts";
import { noEvidence } from "../evidence.ts";
import { findRepository } from "../find-session.ts";
import { givenUp } from "../intake.ts";
import { keepWork } from "../keep-work.ts";
import { type Change, ItemTakenError, type RepositoryRow, type SessionRow } from "../ports.ts";
import type { Room } from "../room.ts";
import { isSettledRejection } from "../rejection.ts";
import { instanceDirectory, sessionDirectory } from "../session-files.ts";
import { trackerLane } from "../session-row.ts";

/**
 * Gives one item its session. What an earlier session of the item left is archived and given back
 * first, in the same command. Every refusal comes before anything is claimed.
 */
export function createDispatch(room: Room): Handler<"session:dispatch"> {
  const { store, git, readSettings } = room;

  return async ({ repository: wanted, item: id, agentType }, { actor, settle }) => {
    const repository = await findRepository(store, wanted);
    const backlog = await room.backlog(repository.id);
    const [previous = null] = await store.newestOf(repository.id, id);
    if (previous) await refuseWhileItGoesOn(previous);
    const item = await findItem(backlog, id);
    const why = unreadyNow(item, await backlog.get(), previous);
    if (why) throw notReady(item, why, repository.source);
    const settings = await readSettings(repository.root);
    requireSettings(repository, settings);
    const choice = chooseAgentType(item, agentType, settings.agentTypes);
    rolePrompt(settings.roles, choice.type);
    if (!isBranchName(branchFor(id))) throw new ProblemError("invalid", `${id} cannot name a branch.`);
    // It takes a tenth of a second to be there; by then the specification is written.
    room.runner.ensure();
    const archived = previous ? await keepWork(git, repository, previous, "dispatched again") : [];

    try {
      return await settle(async (at) => {
        // It may have been removed meanwhile.
        await room.repository(repository.id);
        const [newest = null] = await store.newestOf(repository.id, id);
        if (newest?.id !== previous?.id) throw hasSession(newest);
        if (newest) await refuseWhileItGoesOn(newest);
        const session = newSession({
          home: room.home,
          repository,
          item,
          agent: { cli: settings.agent.cli, ...choice },
          suffix: randomSuffix(room.random),
          by: actor.name,
          at,
        });
        const withdrawn =
          newest && (await withdrawOpen(store, newest, { reason: "its item was dispatched again", at }));
        const replaced = withdrawn && { ...withdrawn.row, open: false };
        const change: Change = {
          // The old one first: its place has to be free before the new one takes it.
          sessions: replaced ? [replaced, session] : [session],
          questions: withdrawn?.questions ?? [],
          effects: [
            ...(replaced ? givenUp(replaced) : []),
            {
              key: `${session.id}/claim`,
              lane: trackerLane(session),
              session: session.id,
              intent: { kind: "claim" },
            },
          ],
          facts: [
            {
              name: "session:dispatched",
              repository: repository.id,
              session: session.id,
              actor: actor.name,
              text: replaced
                ? `${actor.name} dispatched ${id} again as ${choice.type}; the work of ${replaced.id} is archived.`
                : `${actor.name} dispatched ${id} as ${choice.type} (${choice.why}).`,
              changes: {
                sessions: replaced ? [replaced.view, session.view] : [session.view],
                ...(withdrawn && withdrawn.views.length > 0 ? { questions: withdrawn.views } : {}),
              },
            },
          ],
          audit: [
            {
              actor: actor.name,
              action: "session:dispatch",
              target: session.id,
              outcome: "done",
              detail: replaced ? `replaces ${replaced.id}` : "",
            },
          ],
        };
        const answer = {
          session: session.view,
          replaced: replaced && { session: replaced.id, archived },
        };
        return { change, answer };
      });
    } catch (error) {
      if (error instanceof ItemTakenError)
        throw hasSession((await store.newestOf(repository.id, id))[0] ?? null);
      throw error;
    }
  };

  async function refuseWhileItGoesOn(previous: SessionRow) {
    if (previous.state.status === "merged") return;
    if (!isReplaceable(previous.state.status)) throw hasSession(previous);
    const run = await room.intake.runOf(previous);
    const reworks = run.state.status === "rejected" && !isSettledRejection(run, previous);
    // An agent of it may live, or be about to: its runner has to have done first what it was told.
    if (previous.spec && (isAlive(run.state) || previous.inbox > run.handled)) {
      throw new ProblemError(
        "conflict",
        `${previous.id} was told something that its runner has not done yet.`,
        "Try again in a moment.",
      );
    }
    if (!reworks) return;
    throw new ProblemError(
      "conflict",
      `${previous.id} was rejected and goes on with its next round by itself.`,
      `Stop it first: amplify session stop ${previous.id}`,
    );
  }
}

async function findItem(backlog: Backlog, id: ItemId): Promise<Item> {
  const known = (await backlog.get()).items.get(id);
  if (known) return known;
  // It may be newer than what we last read.
  const item = (await backlog.fresh()).items.get(id);
  if (!item)
    throw new ProblemError(
      "not-found",
      `There is no item ${id} in the backlog.`,
      "`amplify item list` shows the items.",
    );
  return item;
}

/** As the tracker sees it once the earlier session has given the item back. */
function unreadyNow(item: Item, { items, ready }: BacklogState, previous: SessionRow | null): Unready | null {
  const isHeldByPrevious =
    previous !== null && (item.assignee === null || item.assignee === actorFor(previous.id));
  if (!isHeldByPrevious || item.status === "open") return unready(item, ready, items);
  if (item.status === "closed") return { kind: "closed" };
  if (isContainer(item)) return { kind: "epic" };
  const by = blockersOf(item, items);
  if (by.length > 0) return { kind: "blocked", by };
  return item.status === "in_progress" ? null : { kind: "not-ready", status: item.status };
}

function notReady(item: Item, why: Unready, source: RepositoryRow["source"]): ProblemError {
  const fixes: Readonly<Record<Unready["kind"], string>> = {
    closed: `Reopen it: amplify item reopen ${item.id}`,
    epic: "Dispatch the items in it.",
    assigned: releaseIt(item.id),
    "in-progress": releaseIt(item.id),
    blocked: "It becomes ready when these are closed.",
    "not-ready":
      item.status === "open" && source === "beads"
        ? `bd show ${item.id} says what holds it back.`
        : `Set it to open: amplify item release ${item.id}`,
  };
  const words = why.kind === "epic" ? "is an epic" : `is ${describeUnready(why)}`;
  return new ProblemError("conflict", `${item.id} ${words}.`, fixes[why.kind]);
}

function hasSession(row: SessionRow | null): ProblemError {
  if (!row) return new ProblemError("conflict", "The item has just got another session.");
  return new ProblemError(
    "conflict",
    `${row.item} has a session already: ${row.id} (${row.state.status}).`,
    `amplify session status ${row.id}`,
  );
}

function newSession(order: {
  home: string;
  repository: RepositoryRow;
  item: Item;
  agent: { cli: string; type: string; why: string };
  suffix: string;
  by: string;
  at: string;
}): SessionRow {
  const { repository, item, at } = order;
  const id = sessionIdFor(item.id, order.suffix);
  const view: SessionView = {
    id,
    repository: repository.id,
    item: {
      id: item.id,
      title: item.title,
      type: item.type,
      priority: item.priority,
      labels: [...item.labels],
    },
    agent: order.agent,
    status: "queued",
    since: at,
    phase: "implementation",
    round: 0,
    steps: 0,
    pid: null,
    branch: branchFor(item.id),
    worktree: join(repository.root, worktreeFor(item.id)),
    directory: sessionDirectory(instanceDirectory(order.home, repository), id),
    base: null,
    head: null,
    summary: null,
    verdict: null,
    reason: null,
    openQuestions: 0,
    comments: 0,
    overruled: null,
    changes: null,
    costUsd: 0,
    mergeCommit: null,
    byHand: false,
    reverted: null,
    createdAt: at,
    startedAt: null,
    endedAt: null,
    createdBy: order.by,
    evidence: noEvidence,
  };
  return {
    id,
    repository: repository.id,
    item: item.id,
    open: true,
    state: queued,
    view,
    spec: null,
    seq: 0,
    inbox: 0,
  };
}
