import { reviewSchema } from "#lib/contract/files.ts";
import { ProblemError } from "../application.ts";
import { reviewProblem } from "../merging/approval.ts";
import { approvalOf } from "./landing-order.ts";
import type { SessionRow } from "./ports.ts";
import type { Room } from "./room.ts";
import { readReviewFile } from "./session-files.ts";

/**
 * Before work lands, the council's file has to say what we took in when it was written. Another one is told, and its
 * runner sets it aside and puts the record back; then the work can land. A file that is gone is only written again.
 */
export async function checkRecord(room: Room, row: SessionRow, actor: string): Promise<void> {
  const { directory } = row.view;
  const text = await readReviewFile(directory);
  if (text === null) {
    room.runner.ring(directory);
    return;
  }
  const problem = await recordProblem(room, row, text);
  if (problem === null) return;
  room.runner.ring(directory);
  const message = `review.json of ${row.item} is not its council's record: ${problem}`;
  const news = {
    name: "warning:raised",
    repository: row.repository,
    session: row.id,
    actor,
    text: `${message}. It does not land.`,
    changes: {},
  } as const;
  const audit = [{ actor, action: "merge:start", target: row.id, outcome: "refused", detail: message }];
  await room.ledger.write(() => Promise.resolve({ result: undefined, change: { facts: [news], audit } }));
  throw new ProblemError(
    "conflict",
    `${message}. It was written by somebody else.`,
    `It is set aside in ${directory}/quarantine and the record is put back. Look at both, then land it again.`,
  );
}

async function recordProblem(room: Room, row: SessionRow, text: string): Promise<string | null> {
  let there: unknown;
  try {
    there = JSON.parse(text);
  } catch {
    return "it is no JSON";
  }
  const approval = approvalOf(row);
  const problem = approval && row.view.overruled === null ? reviewProblem(there, approval) : null;
  if (problem !== null) return problem;
  const taken = (await room.intake.runOf(row)).reviews.at(-1);
  const read = reviewSchema.safeParse(there);
  const isSame =
    taken !== undefined &&
    read.success &&
    JSON.stringify(read.data) === JSON.stringify(reviewSchema.parse(taken));
  return isSame ? null : "it differs from what the council came to";
}
