import { placeOf, type Comment } from "#lib/domain/comment.ts";
import type { ObjectId } from "#lib/domain/ids.ts";
import { shownLines, stretchesText } from "#lib/domain/shown-lines.ts";
import { ProblemError } from "../../application.ts";
import type { Handler } from "../command.ts";
import { readDiff } from "../diff.ts";
import { findSession } from "../find-session.ts";
import type { CommentRow, NewFact, SessionRow } from "../ports.ts";
import type { Room } from "../room.ts";
import { withComments } from "../session-row.ts";

/** As many as an inbox entry takes. */
const most = 500;

/** People's comments on a session's diff: kept until they are sent with a rework. */
export function createCommentCommands(room: Room): {
  readonly "comment:add": Handler<"comment:add">;
  readonly "comment:remove": Handler<"comment:remove">;
} {
  const { store } = room;

  async function current(row: SessionRow): Promise<SessionRow> {
    const found = await store.session(row.id);
    if (!found) throw new ProblemError("not-found", `There is no session ${row.id}.`);
    if (["merging", "merged"].includes(found.state.status) || !found.open) {
      throw new ProblemError(
        "conflict",
        `${found.id} is ${found.state.status}; nothing of it changes any more.`,
      );
    }
    return found;
  }

  return {
    "comment:add": async ({ session, file, line, side, text }, { actor, settle }) => {
      const found = await findSession(store, session);
      await refuseOutside(found, { file, line, side });
      return settle(async (at) => {
        const row = await current(found);
        const known = await store.commentsOf(row.id);
        if (known.filter(({ status }) => status === "open").length >= most) {
          throw new ProblemError(
            "too-many",
            `${row.id} has ${most} comments.`,
            "Send them with a rework first.",
          );
        }
        const comment: Comment = { id: `c-${known.length + 1}`, file, line, side, text, by: actor.name, at };
        const next = withComments(row, row.view.comments + 1);
        const news = `${actor.name} commented on ${row.item} at ${placeOf(comment)}.`;
        return {
          answer: { comment: { ...comment, status: "open" as const }, session: next.view },
          change: {
            sessions: [next],
            comments: [{ session: row.id, status: "open", comment }],
            facts: [fact("comment:added", next, actor.name, news)],
            audit: [
              {
                actor: actor.name,
                action: "comment:add",
                target: row.id,
                outcome: comment.id,
                detail: placeOf(comment),
              },
            ],
          },
        };
      });
    },

    "comment:remove": async ({ session, comment: id }, { actor, settle }) => {
      const found = await findSession(store, session);
      return settle(async () => {
        const row = await current(found);
        const known = await store.commentsOf(row.id);
        const kept = openOne(row, known, id);
        const next = withComments(row, row.view.comments - 1);
        return {
          answer: { session: next.view },
          change: {
            sessions: [next],
            comments: [{ ...kept, status: "removed" }],
            facts: [fact("comment:removed", next, actor.name, `${actor.name} removed ${id} on ${row.item}.`)],
            audit: [
              {
                actor: actor.name,
                action: "comment:remove",
                target: row.id,
                outcome: id,
                detail: placeOf(kept.comment),
              },
            ],
          },
        };
      });
    },
  };

  /** What is not part of the change has no lines to speak about; nor has the change any that its diff does not show. */
  async function refuseOutside(
    row: SessionRow,
    { file, line, side }: Pick<Comment, "file" | "line" | "side">,
  ) {
    const { files, uncommitted, base, head } = await readDiff(room, row);
    const paths = [
      ...files.flatMap(({ path, from }) => (from === null ? [path] : [path, from])),
      ...uncommitted,
    ];
    if (paths.includes(file)) {
      // What is not committed yet has no diff to check against.
      if (line === null || base === null || head === null || uncommitted.includes(file)) return;
      const names = files.flatMap(({ path, from }) =>
        [path, from].includes(file) ? [path, ...(from === null ? [] : [from])] : [],
      );
      return refuseUnshown(row, { file, line, side }, { base, head, names });
    }
    const known = paths.slice(0, 10).join(", ");
    throw new ProblemError(
      "invalid",
      `${JSON.stringify(file)} is not part of what ${row.id} changed.`,
      paths.length === 0
        ? "It has changed nothing yet."
        : `Changed: ${known}${paths.length > 10 ? " and more" : ""}.`,
    );
  }

  async function refuseUnshown(
    row: SessionRow,
    { file, line, side }: { file: string; line: number; side: Comment["side"] },
    { base, head, names }: { base: ObjectId; head: ObjectId; names: readonly string[] },
  ) {
    const { root } = await room.repository(row.repository);
    const { text, truncated } = await room.git.diff(root, base, head, {
      limitBytes: 2_000_000,
      paths: names,
    });
    const shown = shownLines(text, side);
    if (truncated || shown.some(([first, last]) => first <= line && line <= last)) return;
    const where = side === "old" ? " as it was before the change" : "";
    throw new ProblemError(
      "invalid",
      `The diff of ${JSON.stringify(file)} shows no line ${String(line)}${where}.`,
      shown.length === 0
        ? "Comment on the file, without a line."
        : `It shows ${stretchesText(shown)}. Comment on one of them, or on the file without a line.`,
    );
  }
}

function openOne(row: SessionRow, known: readonly CommentRow[], id: string): CommentRow {
  const kept = known.find(({ comment }) => comment.id === id);
  if (kept?.status === "open") return kept;
  if (kept?.status === "sent") throw new ProblemError("conflict", `${id} was sent to the agent already.`);
  const open = known.filter(({ status }) => status === "open").map(({ comment }) => comment.id);
  throw new ProblemError(
    "not-found",
    `${row.id} has no comment ${id}.`,
    open.length > 0 ? `There are: ${open.join(", ")}.` : null,
  );
}

function fact(name: NewFact["name"], row: SessionRow, actor: string, text: string): NewFact {
  return {
    name,
    repository: row.repository,
    session: row.id,
    actor,
    text,
    changes: { sessions: [row.view] },
  };
}
