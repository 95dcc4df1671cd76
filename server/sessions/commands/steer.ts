import type { CommandName } from "#lib/contract/wire.ts";
import type { SessionStatus } from "#lib/domain/session.ts";
import { placeOf } from "#lib/domain/comment.ts";
import { isReplaceable } from "#lib/domain/session.ts";
import { ProblemError } from "../../application.ts";
import { landingView } from "../../merging/landing.ts";
import type { CommandContext, Handler } from "../command.ts";
import { findSession } from "../find-session.ts";
import { givenUp } from "../intake.ts";
import {
  type Change,
  type CommentRow,
  ItemTakenError,
  type NewEffect,
  type NewFact,
  type SessionRow,
} from "../ports.ts";
import { noteOf } from "../return-by-policy.ts";
import type { Room } from "../room.ts";
import { claimedAnew, type Message, movedOrRefused, withComments, withMessage } from "../session-row.ts";

type Steering = Extract<
  CommandName,
  "session:stop" | "session:resume" | "session:rework" | "session:send-back" | "session:message"
>;

interface Steered {
  readonly row: SessionRow;
  /** What the runner is told; null where no runner has it. */
  readonly message: Message | null;
  /** What the agent is to hear besides, once it is at work. */
  readonly note?: string;
  /** Comments that go with it. */
  readonly comments?: readonly CommentRow[];
  readonly text: string;
  readonly fact?: NewFact["name"];
  readonly effects?: Change["effects"];
}

/** The commands by which people steer one session: each becomes a message to its runner. */
export function createSteering(room: Room): { readonly [Name in Steering]: Handler<Name> } {
  const { store } = room;

  async function steer(
    name: Steering,
    ref: string,
    { actor, settle }: CommandContext<Steering>,
    decide: (row: SessionRow, at: string) => Steered | Promise<Steered>,
  ) {
    const { id } = await findSession(store, ref);
    try {
      return await settle(async (at) => {
        const current = await store.session(id);
        if (!current) throw new ProblemError("not-found", `There is no session ${id}.`);
        const steered = await decide(current, at);
        const words = steered.note?.trim() ? [{ kind: "message", text: steered.note } as const] : [];
        const sentComments = steered.comments ?? [];
        let row = withComments(steered.row, steered.row.view.comments - sentComments.length);
        const sent: NewEffect[] = [];
        for (const message of steered.message ? [steered.message, ...words] : []) {
          const next = withMessage(row, message, { by: actor.name, at });
          ({ row } = next);
          sent.push(next.effect);
        }
        const change: Change = {
          sessions: [row],
          comments: sentComments.map((each) => ({ ...each, status: "sent" as const })),
          effects: [...sent, ...(steered.effects ?? [])],
          facts: [
            {
              name: steered.fact ?? "session:moved",
              repository: row.repository,
              session: row.id,
              actor: actor.name,
              text: `${actor.name} ${steered.text}`,
              changes: { sessions: [row.view] },
            },
          ],
          audit: [{ actor: actor.name, action: name, target: row.id, outcome: "done", detail: steered.text }],
        };
        return { change, answer: { session: row.view } };
      });
    } catch (error) {
      if (error instanceof ItemTakenError) {
        throw new ProblemError(
          "conflict",
          "Another session of this item has taken its place.",
          "Stop that one first.",
        );
      }
      throw error;
    }
  }

  return {
    "session:stop": ({ session, discard, reason }, context) =>
      steer("session:stop", session, context, (row, at) => {
        const { status } = row.state;
        refuseIn(row, ["merged", "merging"], "cannot be stopped any more");
        if (status === "stopped" && !discard) throw conflict(row, "is stopped already");
        const words = discard ? `gave ${row.item} up` : `stopped ${row.item}`;
        const text = reason ? `${words}: ${reason}` : `${words}.`;
        // Nobody runs a session that was not started yet.
        // What was stopped before holds its place once more until the runner has taken it apart.
        if (row.spec)
          return { row: { ...row, open: true }, message: { kind: "stop", discard, reason }, text };
        const stopped = movedOrRefused(row, { kind: "run-moved", status: "stopped" }, at);
        return {
          row: {
            ...stopped,
            view: {
              ...stopped.view,
              endedAt: at,
              reason: {
                code: "given-up",
                text: "Stopped before it began.",
                detail: reason,
                remedy: "Dispatch the item again.",
              },
            },
          },
          message: null,
          text,
          fact: "session:stopped",
          effects: givenUp(row),
        };
      }),

    "session:resume": ({ session, note, fresh }, context) =>
      steer("session:resume", session, context, async (row) => {
        if (isInConflict(row)) return recheck(row, note, `sent ${row.item} to merge the base in.`);
        await refuseUnlessAtRest(row);
        if (row.state.status === "rejected" && row.view.overruled) {
          throw conflict(row, `was rejected by ${row.view.overruled.by}`, "Send it to rework.");
        }
        const text = `resumed ${row.item}${fresh ? " with a new conversation" : ""}.`;
        return {
          row: { ...row, open: true },
          message: { kind: "resume", note, fresh },
          text,
          effects: claimedAnew(row),
        };
      }),

    "session:rework": ({ session, note }, context) =>
      steer("session:rework", session, context, async (row) => {
        const { status } = row.state;
        const comments = (await store.commentsOf(row.id)).filter((each) => each.status === "open");
        if (note.trim() === "" && comments.length === 0) {
          throw new ProblemError(
            "invalid",
            "Nothing is said about what to change.",
            `Say it in a note, or comment on the diff first: amplify session comment ${row.item} <file>:<line> "…"`,
          );
        }
        if (isInConflict(row)) {
          const words = [note, ...comments.map(({ comment }) => `${placeOf(comment)}: ${comment.text}`)];
          const said = words.filter((each) => each.trim() !== "").join("\n\n");
          return { ...(await recheck(row, said, `sent ${row.item} back to merge the base in.`)), comments };
        }
        if (status !== "approved" && status !== "outdated") await refuseUnlessAtRest(row);
        return {
          row: { ...row, open: true },
          message: { kind: "rework", note, comments: comments.map(({ comment }) => comment) },
          comments,
          text: `sent ${row.item} back${comments.length > 0 ? ` with ${countOf(comments)}` : ""}.`,
          effects: claimedAnew(row),
        };
      }),

    "session:send-back": ({ session, note }, context) =>
      steer("session:send-back", session, context, async (row) => {
        if (isInConflict(row)) return recheck(row, note, `sent ${row.item} back to merge the base in.`);
        const [last] = await store.landings({ session: row.id, limit: 1 });
        const head = row.state.status === "approved" ? row.state.head : null;
        if (last?.status !== "gate-red" || last.journal.order.approval.head !== head) {
          throw conflict(
            row,
            "was not refused by a landing",
            `Say what is to be changed: amplify session rework ${row.id} "…"`,
          );
        }
        const output = noteOf(landingView(last));
        return {
          row: { ...row, open: true },
          message: { kind: "rework", note: note.trim() ? `${output}\n\n${note}` : output, comments: [] },
          text: `sent ${row.item} back with the gate's output.`,
        };
      }),

    "session:message": ({ session, text }, context) =>
      steer("session:message", session, context, async (row) => {
        refuseIn(row, ["merged", "merging"], "takes no messages any more");
        if (!row.spec) throw conflict(row, "has not started yet", "Send it when it runs.");
        if (row.state.status === "approved" && row.view.overruled) {
          throw conflict(row, "is approved", "Send it to rework to have it changed.");
        }
        const said = { row, message: { kind: "message", text }, text: `wrote to ${row.item}.` } as const;
        if (!isReplaceable(row.state.status)) return said;
        // A message sets work at rest going again, as a resume does.
        await refuseUnlessAtRest(row);
        if (isInConflict(row)) return recheck(row, text, said.text);
        return { ...said, row: { ...row, open: true }, effects: claimedAnew(row) };
      }),
  };

  async function refuseUnlessAtRest(row: SessionRow) {
    if (!isReplaceable(row.state.status)) throw conflict(row, "is not at rest", "Stop it first.");
    const isLost = row.state.status === "failed" && row.state.failure.reason === "claim-lost";
    const run = await room.intake.runOf(row);
    const isDiscarded = run.state.status === "stopped" && run.state.discard;
    if (!row.spec || isLost || isDiscarded) {
      throw conflict(row, "cannot go on: its item or its work was given up", `Dispatch ${row.item} again.`);
    }
  }

  async function recheck(row: SessionRow, note: string, text: string): Promise<Steered> {
    const repository = await room.repository(row.repository);
    const tip = await room.git.resolve(repository.root, `refs/heads/${repository.base}`);
    if (!tip) throw new ProblemError("unavailable", `${repository.name} has no branch ${repository.base}.`);
    return { row, message: { kind: "recheck", base: tip }, note, text, effects: claimedAnew(row) };
  }
}

function countOf(comments: readonly unknown[]): string {
  return comments.length === 1 ? "1 comment" : `${String(comments.length)} comments`;
}

/** Work on the same base would conflict again, so the base has to come in first. */
function isInConflict({ state }: SessionRow): boolean {
  return state.status === "failed" && state.failure.reason === "merge-conflict";
}

function refuseIn(row: SessionRow, statuses: readonly SessionStatus[], what: string) {
  if (statuses.includes(row.state.status)) throw conflict(row, what);
}

function conflict(row: SessionRow, what: string, fix: string | null = null): ProblemError {
  return new ProblemError("conflict", `${row.id} (${row.state.status}) ${what}.`, fix);
}
